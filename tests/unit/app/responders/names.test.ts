/** Which neurons a text names, how responders are ordered, and which ids lead to Codex. */
import { describe, expect, it } from 'vitest';
import { codexAddress, globalNumbers, listsOf } from '../../../../src/app/responders/names.ts';
import { BY_RATE, ordered, pressed, type Row } from '../../../../src/app/responders/order.ts';
import { connectomeTools } from '../../../../src/app/tools/connectome.ts';

const POPULATIONS = [
  { name: 'brain', size: 3 },
  { name: 'exc', size: 20 },
];
const LABELS = {
  population: 'brain',
  ids: new TextEncoder().encode('720575940604735660\n720575940604737708\nDNa02_l'),
};

describe('neurons that a text names', () => {
  it('are ids, separated by anything usual, and names in any case', async () => {
    const { lists, unknown } = await connectomeTools.namedNeurons(
      POPULATIONS,
      LABELS,
      ' 720575940604737708,dna02_L;\n720575940604735660\t720575940604735660 ',
      'brain',
    );
    expect(lists).toEqual([{ population: 'brain', neurons: [1, 2, 0] }]);
    expect(unknown).toEqual([]);
  });

  it('are numbers with # where there are ids, and plain ones where there are none', async () => {
    const named = (text: string, population: string) =>
      connectomeTools.namedNeurons(POPULATIONS, LABELS, text, population);
    expect(await named('#2 1 exc#19', 'brain')).toEqual({
      lists: [
        { population: 'brain', neurons: [2] },
        { population: 'exc', neurons: [19] },
      ],
      unknown: ['1'],
    });
    expect(await named('7 #8 20 x', 'exc')).toEqual({
      lists: [{ population: 'exc', neurons: [7, 8] }],
      unknown: ['20', 'x'],
    });
  });
});

describe('rows of responders', () => {
  const row = (id: string, rateHz: number): Row => ({
    population: 'brain',
    index: 0,
    id,
    spikes: rateHz,
    rateHz,
    sdHz: null,
  });
  const rows = [
    row('9', 3),
    row('10', 8),
    row('720575940604737708', 5),
    row('720575940604735660', 5),
  ];
  const ids = (list: readonly Row[]): string[] => list.map(({ id }) => id);

  it('come most active first, and by ids as numbers however long', () => {
    expect(ids(ordered(rows, BY_RATE))).toEqual([
      '10',
      '720575940604737708',
      '720575940604735660',
      '9',
    ]);
    const byId = pressed(BY_RATE, 'id');
    expect(ids(ordered(rows, byId))).toEqual([
      '9',
      '10',
      '720575940604735660',
      '720575940604737708',
    ]);
    expect(ids(ordered(rows, pressed(byId, 'id')))).toEqual(ids(ordered(rows, byId)).reverse());
  });

  it('lead to Codex for ids of FlyWire only', () => {
    expect(codexAddress('720575940604735660')).toBe(
      'https://codex.flywire.ai/app/cell_details?root_id=720575940604735660',
    );
    for (const id of ['12', '7205759406047356600', 'DNa02_l', '72057594060473566"']) {
      expect(codexAddress(id)).toBe('');
    }
  });

  it('are numbered through the network and back', () => {
    const populations = [
      { name: 'a', first: 0, size: 3 },
      { name: 'b', first: 3, size: 4 },
    ].map((one) => ({ ...one, method: null, variables: [], space: 0 as const }));
    const lists = listsOf(populations, [1, 3, 6]);
    expect(lists).toEqual([
      { population: 'a', neurons: [1] },
      { population: 'b', neurons: [0, 3] },
    ]);
    expect(globalNumbers(populations, lists)).toEqual([1, 3, 6]);
  });
});

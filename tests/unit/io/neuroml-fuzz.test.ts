/** Damaged NeuroML files: every mutation either reads or is refused with a NetworkError. */
import { beforeAll, expect, it } from 'vitest';
import { NetworkError } from '../../../src/index.ts';
import { importNeuroml } from '../../../src/io/neuroml/read-neuroml.ts';
import { philox } from '../../../src/language/philox.ts';
import { dataReader, describeReference } from '../../support/reference.ts';

const MUTATIONS = 2500;

function numbers(seed: number): (below: number) => number {
  let count = 0;
  const words = new Uint32Array(4);
  return (below) => {
    philox(count++, 0, 0, 0, seed, 0, words);
    return Math.floor(((words[0] as number) / 2 ** 32) * below);
  };
}

const FILES = [
  'NeuroML2/LEMSexamples/LEMS_NML2_Ex0_IaF.xml',
  'NeuroML2/LEMSexamples/LEMS_NML2_Ex2_Izh.xml',
  'NeuroML2/LEMSexamples/LEMS_NML2_Ex3_Net.xml',
  'NeuroML2/LEMSexamples/LEMS_NML2_Ex21_CurrentBasedSynapses.xml',
  'NeuroML2/examples/NML2_GapJunctions.nml',
  'NeuroML2/examples/NML2_InstanceBasedNetwork.nml',
  'NeuroML2/examples/NML2_PyNNCells.nml',
  'NeuroML2/examples/NML2_SingleCompHHCell.nml',
];

const RUBBISH = [
  '',
  '-1',
  '0',
  '1e999',
  'NaN',
  '1e300',
  '99999999999',
  '"',
  '<',
  '>',
  '&',
  '&#0;',
  '&lol;',
  '../',
];
const MORE = [
  '__proto__',
  '-5mV',
  'mV',
  'size="-3"',
  ']]>',
  '<!--',
  '\u0000',
  '<![CDATA[',
  '=',
  'iaf',
  'p[1e9]',
  '[0]',
];

/** One word, number or character replaced, doubled or removed, or the end cut off. */
function mutate(text: string, random: (below: number) => number): string {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const kind = random(8);
  if (kind === 0) return text.slice(0, random(text.length));
  if (kind === 1) {
    const at = random(text.length);
    return text.slice(0, at) + pick([...RUBBISH, ...MORE]) + text.slice(at + random(4));
  }
  const words = [...text.matchAll(/[A-Za-z_]\w*|[-+]?\d[\d.]*|"[^"]*"|<[^>]*>/g)];
  const { 0: word, index } = pick(words);
  const other = pick(words)[0];
  const replacement =
    kind < 4 ? pick([...RUBBISH, ...MORE]) : kind < 6 ? other : kind < 7 ? word + word : '';
  return text.slice(0, index) + replacement + text.slice(index + word.length);
}

describeReference('damaged NeuroML files', () => {
  const read = dataReader('neuroml');
  const texts = new Map<string, string>();
  beforeAll(async () => {
    for (const file of FILES) texts.set(file, await read(file));
  });

  it(`${MUTATIONS} mutations`, async () => {
    const random = numbers(3);
    let refused = 0;
    for (let k = 0; k < MUTATIONS; k++) {
      const file = FILES[k % FILES.length] as string;
      let text = texts.get(file) as string;
      for (let changes = random(3); changes >= 0 && text.length > 10; changes--)
        text = mutate(text, random);
      const reader = async (name: string): Promise<string> => {
        if (name === file) return text;
        throw new NetworkError(`there is no file ${name}`);
      };
      try {
        await importNeuroml(reader, file);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(MUTATIONS / 10);
    expect(refused).toBeLessThan(MUTATIONS);
  });
});

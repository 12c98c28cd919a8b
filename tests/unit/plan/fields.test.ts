/** Fields of network documents: what is refused and what the message advises, what plans are made of. */
import { describe, expect, it } from 'vitest';
import { compileNetwork, type FieldOptions, Network, NetworkError } from '../../../src/index.ts';

const FIELD: FieldOptions = {
  grid: [8, 8, 4],
  spacing: '10 um',
  every: '10 ms',
  eqs: 'dC/dt = -k*C : mM',
  diffusion: { C: 'D' },
  tortuosity: 1.5,
  params: { D: '763 um**2/second', k: '20/second' },
};

const POSITIONS = { box: ['80 um', '80 um', '40 um'] };

function network(changes: Partial<FieldOptions> = {}) {
  const net = new Network({ dt: '0.1 ms' });
  const field = net.field('dopamine', { ...FIELD, ...changes });
  return { net, field };
}

function messageOf(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('fields', () => {
  it.each<[string, Partial<FieldOptions>, string]>([
    ['four axes', { grid: [2, 2, 2, 2] }, 'grid must be a list of one to three numbers'],
    ['no voxel', { grid: [8, 0, 8] }, 'grid[1] must be a whole number from 1 to 4096'],
    ['too many voxels', { grid: [4096, 4096, 64] }, 'at most 67108864 are possible. Use larger'],
    ['a spacing without unit', { spacing: 10 }, 'spacing'],
    ['two spacings for three axes', { spacing: ['1 um', '1 um'] }, 'a list of 3 lengths'],
    ['an interval between steps', { every: '0.25 ms' }, 'must be a multiple of dt (0.1 ms)'],
    ['tortuosity below 1', { tortuosity: 0.6 }, 'tortuosity must be a number >= 1'],
    ['a fraction of 0', { volumeFraction: 0 }, 'above 0 and at most 1'],
    ['edges that do not exist', { edges: 'open' as never }, '"reflecting" or "absorbing"'],
    ['a number for D', { diffusion: { C: 0.3 } }, 'For example { C: "763 um**2/second" }'],
    ['a parameter of its own', { params: { tortuosity: '1' } }, 'Give tortuosity beside params'],
    ['a misspelt key', { volumefraction: 1 } as never, 'Did you mean "volumeFraction"?'],
  ])('%s', (_, changes, message) => {
    expect(messageOf(() => network(changes))).toContain(message);
  });

  it.each<[string, Partial<FieldOptions>, string]>([
    ['diffusion of nothing', { diffusion: { c: 'D' } }, 'no such variable. Did you mean "C"?'],
    ['D of a wrong dimension', { diffusion: { C: 'k' } }, 'diffusion C'],
    ['D per voxel', { diffusion: { C: 'D*(1 + i)' } }, 'must be the same everywhere'],
    ['D below 0', { params: { D: '-1 um**2/second', k: '1/second' } }, 'must be at least 0'],
    ['a concentration below 0', { initial: { C: '-1 nM' } }, 'is negative'],
    ['a slow equation', { eqs: 'dC/dt = -k*C : mM (slow)' }, 'a field has one clock. Use "every"'],
    ['a whole number', { eqs: 'n : integer', diffusion: {} }, 'must be a real number'],
    ['no variable', { eqs: '', diffusion: {} }, 'declares no variable'],
    ['an unknown name', { eqs: 'dC/dt = -kk*C : mM' }, 'kk'],
    ['wrong units', { eqs: 'dC/dt = -k : mM' }, 'dC/dt'],
  ])('%s, when it is compiled', (_, changes, message) => {
    expect(messageOf(() => compileNetwork(network(changes).net.document))).toContain(message);
  });

  it('too fine or too coarse for its clock, with the clock that would do', () => {
    const compiled = (every: string, spacing: string) => () =>
      compileNetwork(network({ every, spacing }).net.document);
    // D* = 0.3391 um²/ms, and D* every/dx² <= 1/6: at most 49.1 ms.
    expect(compiled('49.1 ms', '10 um')).not.toThrow();
    const fine = messageOf(compiled('60 ms', '10 um'));
    expect(fine).toContain('the grid is too fine for every = 60 ms');
    expect(fine).toContain('D* every/dx**2 is 0.203, and must be at most 1/6');
    expect(fine).toContain('Use every: "49.1 ms" or less, or voxels 1.11 times as large');
    expect(messageOf(compiled('0.1 ms', '0.2 um'))).toContain('use a smaller dt');
    const coarse = messageOf(compiled('0.1 ms', '100 um'));
    expect(coarse).toContain('the grid is too coarse for every = 0.1 ms');
    expect(coarse).toContain('Use every from "0.3 ms" to "4910 ms"');
    expect(compiled('0.3 ms', '100 um')).not.toThrow();
  });

  it('refuses a parameter that would make it unstable, and keeps the one before', () => {
    const compiled = compileNetwork(network().net.document);
    const before = compiled.plan.constants.slice();
    const message = messageOf(() => compiled.setParameter('dopamine', 'D', '7630 um**2/second'));
    expect(message).toContain('the grid is too fine');
    expect(compiled.plan.constants).toEqual(before);
    expect(messageOf(() => compiled.setParameter('dopamine', 'voxel_volume', 3))).toContain(
      'follows from the spacing',
    );
    compiled.setParameter('dopamine', 'tortuosity', 3);
    const [field] = compiled.plan.fields;
    const [kx = -1] = field?.diffusion[0] ?? [];
    const place = (field?.constants ?? 0) + kx;
    expect(compiled.plan.constants[place]).toBeCloseTo((before[place] as number) / 4, 12);
  });

  it('projections onto a field', () => {
    const { net, field } = network();
    const near = net.poissonPopulation('near', 10, { rate: '1 Hz', positions: POSITIONS });
    const placeless = net.poissonPopulation('placeless', 10, { rate: '1 Hz' });
    const onPre = 'C += 1*nM';
    const joined = (name: string, options: object = {}, source = near) =>
      net.projection(name, source, field, { onPre, ...options });
    expect(messageOf(() => joined('late', { delay: '1 ms' }))).toContain('Leave "delay" out');
    expect(messageOf(() => joined('back', { onPost: onPre }))).toContain('a field never spikes');
    expect(messageOf(() => net.projection('self', field as never, field, { onPre }))).toContain(
      'source',
    );
    joined('somewhere', {}, placeless).connect({ rule: 'voxel' });
    expect(messageOf(() => compileNetwork(net.document))).toContain(
      'population "placeless" has no positions, so that it is in no voxel of field "dopamine"',
    );
    const other = new Network();
    const a = other.population('a', 2, { eqs: 'v : 1' });
    expect(
      messageOf(() => other.projection('p', a, a, { onPre: 'v += 1' }).connect({ rule: 'voxel' })),
    ).toContain('rule "voxel" is for projections onto a field');
  });

  it('neurons outside a field', () => {
    const { net, field } = network();
    const far = net.poissonPopulation('far', 2, {
      rate: '1 Hz',
      positions: { x: '0 um', y: '90 um', z: '0 um' },
    });
    net.projection('release', far, field, { onPre: 'C += 1*nM' }).connect({ rule: 'voxel' });
    expect(messageOf(() => compileNetwork(net.document))).toContain(
      'neuron 0 of population "far" is outside field "dopamine": its y is 90 um, and the grid reaches from 0 to 80 um',
    );
    const flat = network();
    const sheet = flat.net.poissonPopulation('sheet', 2, {
      rate: '1 Hz',
      positions: { box: ['80 um', '80 um'] },
    });
    const onPre = 'C += 1*nM';
    flat.net.projection('release', sheet, flat.field, { onPre }).connect({ rule: 'voxel' });
    expect(messageOf(() => compileNetwork(flat.net.document))).toContain('Give them a third one');
  });

  it.each<[string, string, Record<string, string> | undefined, string]>([
    ['nowhere', 'DA : mM (linked)', undefined, 'links does not say to what'],
    [
      'to a variable that is not there',
      'DA : mM (linked)',
      { DA: 'dopamine.c' },
      'Did you mean "C"?',
    ],
    ['of a wrong dimension', 'DA : volt (linked)', { DA: 'dopamine.C' }, 'Declare it in the unit'],
    ['of a variable that is not linked', 'DA : mM', { DA: 'dopamine.C' }, 'is not (linked)'],
    [
      'to a field that is not there',
      'DA : mM (linked)',
      { DA: 'dopamin.C' },
      'Did you mean "dopamine"?',
    ],
  ])('a link %s', (_, eqs, links, message) => {
    const { net } = network();
    net.population('readers', 3, { eqs, positions: POSITIONS, ...(links ? { links } : {}) });
    expect(messageOf(() => compileNetwork(net.document))).toContain(message);
  });

  it('linked variables can be neither written nor added to nor initialised', () => {
    const linked = { eqs: 'DA : mM (linked)', positions: POSITIONS, links: { DA: 'dopamine.C' } };
    const written = network().net;
    written.population('a', 3, { ...linked, threshold: 'DA > 1*nM', reset: 'DA = 0*nM' });
    expect(messageOf(() => compileNetwork(written.document))).toContain('has the value of a field');
    const added = network().net;
    const a = added.population('a', 3, linked);
    const drive = added.poissonPopulation('drive', 3, { rate: '1 Hz' });
    added.projection('p', drive, a, { onPre: 'DA += 1*nM' }).connect({ rule: 'one-to-one' });
    expect(messageOf(() => compileNetwork(added.document))).toContain('(linked)');
    const given = network().net;
    given.population('a', 3, { ...linked, initial: { DA: '1 nM' } });
    expect(messageOf(() => compileNetwork(given.document))).toContain('take it out of initial');
  });

  it('the document round-trips, and its plan with it', () => {
    const { net, field } = network();
    const source = net.poissonPopulation('source', 10, { rate: '1 Hz', positions: POSITIONS });
    net.projection('release', source, field, { onPre: 'C += 1*nM' }).connect({ rule: 'voxel' });
    const again = Network.fromDocument(JSON.parse(JSON.stringify(net.document)));
    expect(again.document).toEqual(net.document);
    expect(compileNetwork(again.document).plan).toEqual(compileNetwork(net.document).plan);
    expect(compileNetwork(net.document).explain()).toContain(
      'Field "dopamine" (voxels: 8 x 8 x 4, every 100 steps)',
    );
  });

  it('deposits do not shorten windows, and their sums cannot overflow between two runs of the field', () => {
    const { net, field } = network();
    const source = net.population('source', 50, {
      eqs: '',
      threshold: 'i >= 0',
      positions: { x: '5 um', y: '5 um', z: '5 um' },
    });
    net.projection('release', source, field, { onPre: 'C += 1*uM' }).connect({ rule: 'voxel' });
    const { plan } = compileNetwork(net.document);
    expect(plan.windowSteps).toBe(64);
    const [input] = plan.fields[0]?.inputs ?? [];
    const largest = 50 * 100 * 1e-3 * 2 ** (input?.scale ?? 0);
    expect(largest).toBeLessThan(2 ** 31);
    expect(input?.scale === 24 || largest > 2 ** 29).toBe(true);
    expect(plan.deliver[0]?.inputs[0]).toMatchObject({ accumulates: true, proven: true });
  });
});

/**
 * Fields in Chromium: neurons that release into two fields and read one of them. Spikes and concentrations on WebGPU in
 * the browser are those of the CPU engine here, to the bit.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSimulation, Network, type NetworkDocument } from '../../src/index.ts';
import { type LibraryPage, openLibrary } from '../support/chromium.ts';

let library: LibraryPage;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** One field whose rows are whole fours of voxels, one whose rows are not, on two clocks. */
function network(): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 3 });
  const positions = { box: ['80 um', '60 um', '40 um'] };
  const cells = net.population('cells', 600, {
    eqs: 'dv/dt = (13*mV + DA/(20*nM)*mV + 4*mV*sqrt(20*ms)*xi - v)/(20*ms) : volt\nDA : mM (linked)',
    threshold: 'v > 15*mV',
    reset: 'v = 0*mV',
    positions,
    links: { DA: 'dopamine.C' },
  });
  const common = {
    eqs: 'dC/dt = -Vmax*C/(Km + C) : mM',
    diffusion: { C: '763 um**2/second' },
    tortuosity: 1.54,
    volumeFraction: 0.21,
    params: { Vmax: '4.1 uM/second', Km: '0.21 uM' },
    initial: { C: '20 nM' },
  };
  for (const [name, grid, every, edges] of [
    ['dopamine', [8, 6, 4], '5 ms', 'reflecting'],
    ['other', [9, 7, 5], '3 ms', 'periodic'],
  ] as const) {
    const field = net.field(name, { ...common, grid, spacing: '10 um', every, edges });
    const onPre = 'C += 3000/avogadro_constant/voxel_volume/volume_fraction';
    net.projection(`into ${name}`, cells, field, { onPre }).connect({ rule: 'voxel' });
  }
  net.record.spikes(cells);
  return net.document;
}

it('spikes and concentrations are those of Node', async () => {
  const document = network();
  const here = await createSimulation(document, { engine: 'cpu' });
  await here.run('100 ms');
  const expected = {
    engine: 'gpu',
    hash: await here.spikeHash(),
    dopamine: [...(await here.get('dopamine', 'C'))],
    other: [...(await here.get('other', 'C'))],
  };
  expect(here.summary().spikes).toBeGreaterThan(1000);
  here.destroy();
  const found = await library.page.evaluate(async (json) => {
    const run = async (strict: boolean) => {
      const simulation = await window.wetware.createSimulation(JSON.parse(json), {
        engine: 'gpu',
        strict,
      });
      await simulation.run('100 ms');
      const { engine, exact_arithmetic: exact } = simulation.summary();
      const hash = await simulation.spikeHash();
      const dopamine = [...(await simulation.get('dopamine', 'C'))];
      const other = [...(await simulation.get('other', 'C'))];
      simulation.destroy();
      return { exact, result: { engine, hash, dopamine, other } };
    };
    const first = await run(false);
    return (first.exact ? first : await run(true)).result;
  }, JSON.stringify(document));
  expect(found).toEqual(expected);
  expect(library.errors).toEqual([]);
}, 300_000);

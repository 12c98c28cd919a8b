/** Workers behind a session: building beside what runs, changing places, live parameters, failures. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cancelBuild } from '../../../../src/app/shell/Status.tsx';
import type { NetworkInfo } from '../../../../src/app/simulation/protocol.ts';
import { createApp } from '../../../../src/app/state/app.ts';
import { exampleProject, newProject, seedOf } from '../../../../src/app/state/project.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';

interface Asked {
  readonly call: string;
  readonly id: number;
  readonly parameters: readonly unknown[];
}

/** A worker that does what the test says. */
class FakeWorker {
  readonly asked: Asked[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: unknown = null;
  ended = false;
  postMessage(message: Asked): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  named(call: string): Asked[] {
    return this.asked.filter((one) => one.call === call);
  }
  async answer(call: string, result: unknown): Promise<void> {
    const one = this.named(call).at(-1);
    if (!one) throw new Error(`Nobody asked for ${call}.`);
    this.onmessage?.({ data: { id: one.id, result } });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  async refuse(call: string, error: object): Promise<void> {
    const one = this.named(call).at(-1);
    this.onmessage?.({ data: { id: one?.id, error } });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  tell(event: string, data: unknown): void {
    this.onmessage?.({ data: { event, data } });
  }
}

const document = (examples.cuba as Example).build();
const infoOf = (built = document): NetworkInfo =>
  ({
    document: built,
    title: 'cuba',
    populations: [],
    projections: [],
    dtMs: 0.1,
    warnings: [],
  }) as never;

function setUp() {
  const workers: FakeWorker[] = [];
  const app = createApp({
    project: exampleProject('cuba'),
    createWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  app.session.start(app.project.value);
  return { app, workers, worker: (k: number) => workers[k] as FakeWorker };
}

async function running() {
  const all = setUp();
  await all.worker(0).answer('start', infoOf());
  return all;
}

const changedParameter = (built: typeof document): typeof document => ({
  ...built,
  populations: built.populations.map((population) =>
    population.kind === 'neurons'
      ? {
          ...population,
          params: { ...population.params, [Object.keys(population.params)[0] as string]: '30 ms' },
        }
      : population,
  ),
});
const changedSize = (built: typeof document, size: number): typeof document => ({
  ...built,
  populations: built.populations.map((population) => ({ ...population, size })),
});

afterEach(() => vi.restoreAllMocks());

describe('session', () => {
  it('plays the first network at once and tells the project its document', async () => {
    const { app, worker } = await running();
    expect(app.session.phase.value).toBe('running');
    expect(worker(0).named('play')).toHaveLength(1);
    expect(app.project.value.document).toBe(document);
    worker(0).tell('progress', { step: 100, steps: 100, wallMs: 5, spikes: 7 });
    expect(app.session.run.value).toMatchObject({ step: 100, timeMs: 10, spikes: 7 });
    expect(app.session.run.value.realtimeFactor).toBeCloseTo(0.5);
  });

  it('sends parameters to the network that runs, and undo as well', async () => {
    const { app, workers, worker } = await running();
    app.edit('Change', changedParameter);
    expect(workers).toHaveLength(1);
    expect(worker(0).named('setParameter').at(-1)?.parameters[2]).toBe('30 ms');
    expect(app.project.value.source).toEqual({ kind: 'document', origin: 'from cuba' });
    await worker(0).answer('setParameter', undefined);
    app.undo();
    expect(app.project.value.document).toBe(document);
    expect(worker(0).named('setParameter')).toHaveLength(2);
    expect(workers).toHaveLength(1);
  });

  it('builds anew what a running network does not take', async () => {
    const { app, workers, worker } = await running();
    app.edit('Change', changedParameter);
    await worker(0).refuse('setParameter', { kind: 'network', message: 'would overflow' });
    expect(workers).toHaveLength(2);
  });

  it('lets the old network run until the new one is there', async () => {
    const { app, workers, worker } = await running();
    app.edit('Size', (built) => changedSize(built, 10));
    expect(workers).toHaveLength(2);
    expect(worker(0).ended).toBe(false);
    expect(app.session.phase.value).toBe('running');
    expect(app.session.building.value).not.toBeNull();
    worker(0).tell('progress', { step: 5, steps: 5, wallMs: 1, spikes: 0 });
    expect(app.session.run.value.step).toBe(5);
    const { document: wanted } = app.project.value;
    await worker(1).answer('start', infoOf(wanted as typeof document));
    expect(worker(0).ended).toBe(true);
    expect(app.session.info.value?.document).toBe(wanted);
    expect(app.session.run.value.step).toBe(0);
  });

  it('ends a build that is overtaken or cancelled', async () => {
    const { app, workers, worker } = await running();
    app.edit('Size', (built) => changedSize(built, 10));
    app.edit('Size', (built) => changedSize(built, 20));
    expect(worker(1).ended).toBe(true);
    expect(workers).toHaveLength(3);
    app.session.cancel();
    expect(worker(2).ended).toBe(true);
    expect(app.session.building.value).toBeNull();
    expect(worker(0).ended).toBe(false);
  });

  it('gives values that changed meanwhile to what was being built', async () => {
    const { app, workers, worker } = await running();
    app.edit('Size', (built) => changedSize(built, 10));
    const wanted = app.project.value.document as typeof document;
    app.edit('Change', changedParameter);
    expect(workers).toHaveLength(2);
    await worker(1).answer('start', infoOf(wanted));
    expect(worker(1).named('setParameter').at(-1)?.parameters[2]).toBe('30 ms');
  });

  it('says why a network cannot be built, and goes on with the last good one', async () => {
    const { app, worker } = await running();
    app.edit('Size', (built) => changedSize(built, -1));
    await worker(1).refuse('start', {
      kind: 'network',
      message: 'size must be at least 1',
      path: 'population "e"',
    });
    expect(app.session.failure.value).toMatchObject({ reason: 'network', path: 'population "e"' });
    expect(app.session.phase.value).toBe('running');
    expect(worker(0).ended).toBe(false);
  });

  it('fails where there is none, and tries again', async () => {
    const { app, workers, worker } = setUp();
    await worker(0).refuse('start', { kind: 'other', message: 'no' });
    expect(app.session.phase.value).toBe('failed');
    app.session.dismiss();
    expect(workers).toHaveLength(2);
  });

  it('goes on from a checkpoint when the device was lost', async () => {
    const { app, workers, worker } = await running();
    const checkpoint = { step: 400, data: {} };
    worker(0).tell('failed', {
      reason: 'lost',
      message: 'gone',
      step: 500,
      problems: [],
      checkpoint,
    });
    expect(app.session.phase.value).toBe('failed');
    app.session.recover({ engine: 'cpu', checkpoint, fromStep: 500 });
    expect(workers).toHaveLength(2);
    expect(worker(1).named('start')[0]?.parameters[0]).toMatchObject({ engine: 'cpu', checkpoint });
    await worker(1).answer('start', infoOf());
    expect(app.session.failure.value).toBeNull();
    expect(app.session.run.value.step).toBe(400);
    expect(app.session.phase.value).toBe('running');
  });

  it('respects a pause when another network takes over', async () => {
    const { app, worker } = await running();
    app.session.pause();
    app.setSeed(7);
    expect(worker(1).named('start')[0]?.parameters[0]).toMatchObject({
      source: { kind: 'example', name: 'cuba', seed: 7 },
      document: null,
    });
    await worker(1).answer('start', infoOf());
    expect(app.session.phase.value).toBe('paused');
    app.session.step(3);
    expect(worker(1).named('play').at(-1)?.parameters).toEqual([{ pace: 'fast', steps: 3 }]);
  });

  it('builds again what failed, also for a change that a running network would take', async () => {
    const { app, workers, worker } = setUp();
    app.open(newProject({ source: { kind: 'document', origin: 'a file' }, document }));
    await worker(1).refuse('start', { kind: 'network', message: 'tau: wrong unit' });
    expect(app.session.phase.value).toBe('failed');
    app.edit('Change', changedParameter);
    expect(workers).toHaveLength(3);
    await worker(2).answer('start', infoOf(app.project.value.document as typeof document));
    worker(2).tell('failed', { reason: 'values', message: 'NaN', step: 5, problems: [] });
    app.undo();
    expect(workers).toHaveLength(4);
  });

  it('goes on with what runs when an edit that was refused is undone or put right', async () => {
    const { app, workers, worker } = await running();
    app.edit('Size', (built) => changedSize(built, -1));
    await worker(1).refuse('start', { kind: 'network', message: 'size must be at least 1' });
    app.undo();
    expect(workers).toHaveLength(2);
    expect(app.session.failure.value).toBeNull();
    expect(app.session.phase.value).toBe('running');
  });

  it('builds what a cancelled edit left behind with the next one', async () => {
    const { app, workers, worker } = await running();
    app.edit('Size', (built) => changedSize(built, 10));
    app.session.cancel();
    app.edit('Change', changedParameter);
    expect(workers).toHaveLength(3);
    expect(worker(2).named('start')[0]?.parameters[0]).toMatchObject({
      document: app.project.value.document,
    });
  });

  it('takes over values that changed meanwhile also beside typed lists, and builds anew when one is refused', async () => {
    const { app, workers, worker } = await running();
    const listed = (built: typeof document): typeof document => ({
      ...built,
      projections: built.projections.map((projection) => ({
        ...projection,
        connect: { rule: 'list' as const, pre: Uint32Array.of(0), post: Uint32Array.of(1) },
      })),
    });
    app.edit('List', listed);
    const wanted = app.project.value.document as typeof document;
    app.edit('Change', changedParameter);
    await worker(1).answer('start', infoOf(structuredClone(wanted)));
    expect(worker(1).named('setParameter').at(-1)?.parameters[2]).toBe('30 ms');
    await worker(1).refuse('setParameter', { kind: 'network', message: 'would overflow' });
    expect(workers).toHaveLength(3);
  });

  it('runs to a step that a piece under way went beyond', async () => {
    const { app, workers, worker } = await running();
    app.session.runTo(50);
    worker(0).tell('progress', { step: 80, steps: 80, wallMs: 5, spikes: 0 });
    worker(0).tell('stopped', { step: 80 });
    expect(workers).toHaveLength(2);
    await worker(1).answer('start', infoOf());
    expect(worker(1).named('play').at(-1)?.parameters).toEqual([{ pace: 'fast', until: 50 }]);
  });

  it('forgets where it was to stop when another project is opened', async () => {
    const { app, worker } = await running();
    app.session.runTo(50);
    app.open(exampleProject('cuba'));
    await worker(1).answer('start', infoOf());
    expect(worker(1).named('play').at(-1)?.parameters[0]).not.toHaveProperty('until');
  });

  it('shows what was warned of while the network was built', async () => {
    const { app, worker } = setUp();
    worker(0).tell('warning', { message: 'Recording "v" is left out.' });
    await worker(0).answer('start', infoOf());
    expect(app.session.warnings.value).toEqual(['Recording "v" is left out.']);
    app.session.reset();
    await worker(1).answer('start', infoOf());
    expect(app.session.warnings.value).toEqual([]);
  });

  it('says that a worker broke down, and builds again when asked', async () => {
    const { app, workers, worker } = await running();
    (worker(0).onerror as (event: object) => void)({
      message: 'out of memory',
      preventDefault: () => undefined,
    });
    expect(app.session.phase.value).toBe('failed');
    expect(app.session.failure.value?.message).toBe('out of memory');
    app.session.dismiss();
    expect(workers).toHaveLength(2);
  });

  it('goes back to what runs when other values of an example are cancelled', async () => {
    const { app, workers, worker } = await running();
    app.setSeed(7);
    cancelBuild(app);
    expect(worker(1).ended).toBe(true);
    expect(workers).toHaveLength(2);
    expect(app.project.value.document).toBe(document);
    expect(seedOf(app.project.value)).toBe(1);
    app.edit('Change', changedParameter);
    expect(worker(0).named('setParameter')).toHaveLength(1);
  });

  it('follows the run of another project, with nothing picked', async () => {
    const { app } = await running();
    app.timeWindow.value = { fromMs: 5000, toMs: 6000 };
    app.picked.value = Uint32Array.of(3999);
    app.open(exampleProject('coba'));
    expect(app.timeWindow.value).toBeNull();
    expect(app.picked.value).toHaveLength(0);
  });
});

/**
 * A network being simulated: owns one engine, the clock, the recordings. Everything about the network was decided by
 * the plan; this file runs it, keeps what comes out, and lets people read and change it between batches of steps.
 */

import type { AdapterDescription, Engine, EngineSnapshot, EngineTimings } from './engine.ts';
import { EngineState, unitFactor } from './engine-state.ts';
import { DeviceError, NetworkError } from './errors.ts';
import { type InterventionMark, Interventions } from './interventions.ts';
import { describeValue } from './language/argument.ts';
import { DIMENSIONS, parseQuantity } from './language/units.ts';
import type { NetworkDocument, Quantity, ValueSpec } from './network/document.ts';
import { checkName } from './network/fields.ts';
import type { CompiledNetwork, VariableDescription } from './plan/compile.ts';
import type { ParameterChange } from './plan/live-changes.ts';
import {
  changesSynapses,
  checkPortable,
  ofNetwork,
  type PortableCheckpoint,
} from './portable-checkpoint.ts';
import {
  checkReadSynapses,
  type ReadSynapsesOptions,
  readSynapses,
  type SynapseChunk,
} from './read-synapses.ts';
import { FieldRecorder } from './recording/field-recorder.ts';
import type { ProbedNeurons } from './recording/probes.ts';
import type { RateOptions, RateTrace } from './recording/rate.ts';
import type { Recorder } from './recording/recorder.ts';
import { type RecordingName, Recordings, type SpikeTrains } from './recording/recordings.ts';
import { slowTimesOf } from './recording/slow-time.ts';
import type { SpikeMark } from './recording/spikes.ts';
import type { RunSummary } from './recording/summary.ts';
import type { StateTrace } from './recording/traces.ts';
import { Turns } from './recording/turns.ts';
import { runInBatches } from './run-batches.ts';
import { checkRunOptions, type RunOptions } from './run-options.ts';
import { distanceOf, type ThresholdDistance } from './threshold-distance.ts';

export type { SpikeTrains } from './recording/recordings.ts';

/** The moment of a simulation, to come back to with restore(). Only for the simulation that made it. */
export interface Checkpoint {
  readonly step: number;
  readonly owner: Simulation;
  /** How often the simulation had been resumed. */
  readonly life: number;
  readonly snapshot: EngineSnapshot;
  readonly spikes: SpikeMark;
  /** Brings back parameters, and what was known of values. */
  readonly network: () => ParameterChange;
  readonly interventions: InterventionMark;
}

/** A population as it is laid out and integrated. */
export interface PopulationLayout {
  readonly name: string;
  readonly size: number;
  /** Its first global neuron number. */
  readonly first: number;
  /** The integrator, chosen or asked for; null for spike lists. */
  readonly method: string | null;
}

/** A projection as it was made. */
export interface ProjectionLayout {
  readonly name: string;
  readonly synapses: number;
  /** Whether its synapses are made again for every spike rather than stored. */
  readonly procedural: boolean;
}

/** What createSimulation puts together. Wall times in seconds. */
export interface SimulationParts {
  readonly compiled: CompiledNetwork;
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly warnings: readonly string[];
  readonly onWarning: ((message: string) => void) | undefined;
  readonly compileSeconds: number;
  readonly buildSeconds: number;
}

/**
 * A simulation under way; `createSimulation` makes one. Methods that touch the engine may be called while run() is
 * under way: they take effect between two batches. Values are in internal units (mV, ms, pA, pF, nS, GOhm, rates in
 * 1/ms) unless a unit is named. After `destroy` every method throws DeviceError "destroyed".
 */
export class Simulation {
  /** The network as it was given. */
  readonly document: NetworkDocument;
  /** Populations in document order. */
  readonly populations: readonly PopulationLayout[];
  /** Projections in document order. */
  readonly projections: readonly ProjectionLayout[];

  readonly #parts: SimulationParts;
  readonly #recordings: Recordings;
  readonly #fields: FieldRecorder;
  readonly #engineTurns = new Turns();
  readonly #runTurns = new Turns();
  readonly #warnings = new Set<string>();
  readonly #state: EngineState;
  readonly #interventions: Interventions;
  #wallMs = 0;
  #recordMs = 0;
  #isDestroyed = false;
  /** How often a run was taken up here, and the step at which that was done last. */
  #lives = 0;
  #resumedAt = 0;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.document = parts.compiled.document;
    this.populations = parts.compiled.populations.map(({ name, size, first, method }) => ({
      name,
      size,
      first,
      method: method?.method ?? null,
    }));
    this.projections = parts.compiled.projections;
    const { recordings, plan } = parts.compiled;
    this.#fields = new FieldRecorder(recordings, plan.precision);
    this.#recordings = new Recordings({
      fields: this.#fields,
      populations: this.populations,
      recordings,
      dtMs: this.dtMs,
      store: parts.recorder.store,
      tracesOf: (kernel) => parts.recorder.tracesOf(kernel),
    });
    this.#state = new EngineState(parts.compiled, () => this.#engine());
    this.#interventions = new Interventions(this.#state);
    for (const warning of parts.warnings) this.#warn(warning);
  }

  /** The engine that was chosen. */
  get engine(): 'gpu' | 'cpu' {
    return this.#parts.engine.kind;
  }

  /** The GPU, or null on the CPU engine. */
  get adapter(): AdapterDescription | null {
    return this.#parts.engine.adapter;
  }

  /** Of all state; "f64" only on the CPU engine. */
  get precision(): 'f32' | 'f64' {
    return this.#parts.compiled.plan.precision;
  }

  /** Time step in ms. */
  get dtMs(): number {
    return this.#parts.compiled.plan.dtMs;
  }

  /** Steps done. */
  get step(): number {
    return this.#engine().step;
  }

  /** Simulated time, step times dt. */
  get timeMs(): number {
    return this.step * this.dtMs;
  }

  /** Everything that was worth a warning so far, each once. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /**
   * Simulates `duration` more, rounded to steps; resolves when it is done and all recordings have arrived. Ten runs of
   * 100 ms give the bits of one run of 1 s. Throws NetworkError when a state variable becomes NaN or an input
   * overflows (names variable, neuron, step), DeviceError when the device is lost.
   */
  async run(duration: Quantity, options: RunOptions = {}): Promise<void> {
    this.#engine();
    const { value } = parseQuantity(duration, 'run: duration', DIMENSIONS.time);
    if (value < 0) {
      throw new RangeError(`run: duration must be a time >= 0, got ${describeValue(duration)}.`);
    }
    return this.runSteps(Math.round(value / this.dtMs), options);
  }

  /** Simulates `steps` more time steps. As run(). */
  async runSteps(steps: number, options: RunOptions = {}): Promise<void> {
    if (!Number.isSafeInteger(steps) || steps < 0) {
      throw new RangeError(
        `runSteps: steps must be a whole number >= 0, got ${describeValue(steps)}.`,
      );
    }
    if (this.step + steps >= 2 ** 31) {
      throw new RangeError(
        `runSteps: step numbers end at 2^31; ${steps} more after step ${this.step} are too many.`,
      );
    }
    checkRunOptions(options);
    return this.#runTurns.take(() => this.#advance(steps, options));
  }

  async #advance(steps: number, { onProgress, signal }: RunOptions): Promise<void> {
    const started = performance.now();
    const run = {
      windowSteps: this.#parts.compiled.plan.windowSteps,
      step: () => this.step,
      run: (some: number) => this.#engineTurns.take(() => this.#batch(some, signal)),
    };
    await runInBatches(run, steps, signal, (done) =>
      onProgress?.({
        step: this.step,
        timeMs: this.timeMs,
        fraction: done / steps,
        wallMs: performance.now() - started,
        spikes: this.#parts.recorder.store.total,
      }),
    );
  }

  /** One batch of at most so many steps, and what was recorded in it; resolves to the wall time of the steps. */
  async #batch(steps: number, signal: AbortSignal | undefined): Promise<number> {
    const fieldsBegan = performance.now();
    await this.#fields.take(this.step, (first, count) =>
      this.#engine().read('state', first, count),
    );
    const began = performance.now();
    this.#recordMs += began - fieldsBegan;
    let elapsed = 0;
    try {
      await this.#interventions.apply(this.step);
      const free = Math.min(this.#fields.until(this.step), this.#interventions.until(this.step));
      await this.#engine().advance(Math.min(steps, free), signal);
    } finally {
      elapsed = performance.now() - began;
      this.#wallMs += elapsed;
      // Also after an error: spikes that happened before it did happen.
      await this.#parts.recorder.takeArrived();
      this.#recordMs += performance.now() - began - elapsed;
    }
    return elapsed;
  }

  /**
   * Recorded spikes of one recording: neurons are numbered in the population or slice that was recorded; ascending by
   * step, then neuron. The recording is named by what `record.spikes` returned or its name; it may be left out when there
   * is only one. Throws NetworkError for an unknown recording, RangeError where spikes are not kept.
   */
  spikes(recording?: RecordingName): SpikeTrains {
    this.#engine();
    return this.#recordings.spikes(recording);
  }

  /** Recorded spikes of all populations, global neuron numbers (see `populations`). RangeError where none are kept. */
  allSpikes(): SpikeTrains {
    this.#engine();
    return this.#recordings.allSpikes();
  }

  /** SHA-256 over all recorded spikes, kept or not, see spikeHash in recording/spikes.ts: equal hashes mean equal spikes. */
  spikeHash(): Promise<string> {
    this.#engine();
    return this.#recordings.spikeHash();
  }

  /**
   * Samples of a state recording, in internal units (mV, ms, pA, mM, …); those of a field have voxels for neurons. Named
   * as for spikes().
   */
  state(recording?: RecordingName): StateTrace {
    this.#engine();
    return this.#recordings.state(recording);
  }

  /**
   * Rate of a rate recording over time: spikes per second and neuron, per step unless binned or smoothed. RangeError
   * where spikes are not kept.
   */
  rate(recording?: RecordingName, options: RateOptions = {}): RateTrace {
    return this.#recordings.rate(recording, options, this.step);
  }

  /**
   * Values of a variable now, one per neuron of a population, voxel of a field (x fastest) or synapse of a projection, in `unit` or internal units.
   * State is as after the resets of the last step. Synapses are in the order of an explicit list, else by source neuron.
   */
  async get(owner: string, variable: string, unit?: string): Promise<Float64Array> {
    this.#engine();
    checkName(variable, 'get: variable');
    const place = this.#state.place(owner, variable);
    const { cell } = place;
    const scale = unit === undefined ? 1 : unitFactor(unit, cell.dimension, owner, variable);
    const values = await this.#engineTurns.take(() => this.#state.read(place));
    const found = values.map((value) => value / scale);
    const { order } = cell;
    if (order === null) return found;
    const ordered = new Float64Array(found.length);
    for (const [place, number] of order.entries()) ordered[number] = found[place] as number;
    return ordered;
  }

  /**
   * What can be looked at in a population, field or projection (by name, looked for in this order): its variables, the
   * unit in which people read each, and whether `get` knows it. Empty for spike lists.
   */
  variables(owner: string): readonly VariableDescription[] {
    return this.#parts.compiled.variablesOf(owner);
  }

  /**
   * How far the neuron of a population that is nearest to its threshold is from it now, and which parameters would take
   * it there; null for populations whose condition compares no variable of the neurons with anything. Reads the variables
   * that the condition and the equation name, of all neurons.
   */
  async toThreshold(population: string): Promise<ThresholdDistance | null> {
    this.#engine();
    const { compiled } = this.#parts;
    const threshold = compiled.thresholdOf(population);
    if (threshold === null) return null;
    return this.#engineTurns.take(async () => {
      const values = new Map<string, Float64Array>();
      for (const name of threshold.reads) {
        values.set(name, await this.#state.read(this.#state.place(population, name)));
      }
      return distanceOf(population, threshold, compiled.variablesOf(population), values, this.step);
    });
  }

  /** Gives a variable of a population or field new values, as `initial` would: an expression, a number, a list, a distribution. */
  async set(owner: string, variable: string, value: ValueSpec): Promise<void> {
    this.#engine();
    const { compiled } = this.#parts;
    checkName(variable, 'set: variable');
    const place = this.#state.place(owner, variable);
    await this.#change(owner, async () => {
      const values = compiled.evaluate(owner, variable, value);
      const isChanged = this.#interventions.isInEffect(owner, variable);
      const before = isChanged ? await this.#state.read(place) : null;
      await this.#state.write(place, values);
      try {
        await this.#interventions.variableChanged(owner, variable);
      } catch (error) {
        if (before !== null) await this.#state.write(place, before);
        throw error;
      }
    });
  }

  /**
   * Changes a parameter of a population, projection or input (`owner`), or of the network (`owner` ""), for all steps
   * to come. State keeps its values. Interventions of the document that are in effect act on the new value.
   */
  async setParameter(owner: string, name: string, value: Quantity): Promise<void> {
    this.#engine();
    if (owner !== '') checkName(owner, 'setParameter: owner');
    checkName(name, 'setParameter: name');
    await this.#change(owner, async () => {
      await this.#state.changeParameters(owner, () =>
        this.#parts.compiled.setParameter(owner, name, value),
      );
      await this.#interventions.parameterChanged(owner, name);
    });
  }

  /**
   * The synapses of a projection, a chunk at a time: sources, targets, delays and variables, however they exist. No more
   * than a chunk of them is in memory (but all targets of a projection that acts on no presynaptic spike, such as gap
   * junctions). The network may run on between two chunks.
   *
   *     for await (const { sources, targets, delaysMs } of simulation.synapses('E->I')) …
   *
   * Throws NetworkError for a projection, pathway or variable that does not exist, RangeError for wrong options.
   */
  synapses(
    projection: string,
    options: ReadSynapsesOptions = {},
  ): AsyncGenerator<SynapseChunk, void, void> {
    this.#engine();
    checkReadSynapses(options);
    const { pathway, variables } = options;
    const source = this.#parts.compiled.synapsesOf(projection, pathway, variables);
    return readSynapses(source, this.dtMs, options, (work) =>
      this.#engineTurns.take(() => work(this.#engine())),
    );
  }

  /** x, y and z in µm of every neuron of a population, three numbers for each (z is 0 in two dimensions); null without. */
  positions(population: string): Float32Array | null {
    this.#engine();
    return this.#parts.compiled.positionsOf(population);
  }

  /**
   * Chooses the neurons that probes look at (SimulationOptions.probes) from the next step on; their samples go to
   * onSamples. The list is the whole choice: populations that it leaves out are no longer looked at. Takes no time to
   * speak of, and never changes a spike. Throws NetworkError for a population without a probe, RangeError for neurons that
   * do not exist, come twice or are more than the probe's `most`.
   */
  async setProbes(probes: readonly ProbedNeurons[]): Promise<void> {
    this.#engine();
    await this.#engineTurns.take(() =>
      this.#parts.recorder.probes.choose(probes, (kernel, locals) =>
        this.#engine().probe(kernel, locals),
      ),
    );
  }

  /** A change by hand, as a whole or not at all: interventions in effect may not allow what is allowed without them. */
  #change(owner: string, change: () => Promise<void>): Promise<void> {
    return this.#engineTurns.take(async () => {
      const bringBack = this.#parts.compiled.keep();
      const mark = this.#interventions.mark();
      try {
        await change();
      } catch (error) {
        if (error instanceof NetworkError) {
          this.#interventions.restore(mark);
          await this.#state.changeParameters(owner, bringBack);
        }
        throw error;
      }
    });
  }

  /**
   * This moment, to come back to with restore(): state, synapses, what is under way in axons, parameters. Recordings
   * are not copied. Where spikes are not kept, counts, hash and irregularity go back too, at 24 bytes per neuron.
   */
  async checkpoint(): Promise<Checkpoint> {
    return this.#engineTurns.take(async () => {
      const engine = this.#engine();
      if (!engine.snapshot) throw new Error('internal: this engine makes no snapshots');
      const snapshot = await engine.snapshot();
      const network = this.#parts.compiled.keep();
      const spikes = this.#parts.recorder.store.mark(snapshot.step);
      const interventions = this.#interventions.mark();
      const of = { owner: this, life: this.#lives };
      return { step: snapshot.step, ...of, snapshot, spikes, network, interventions };
    });
  }

  /**
   * Goes back to a checkpoint of this simulation; recordings forget what came after it. `onSpikes` gets the spikes of
   * the steps that are run again a second time, and so does `onSamples`.
   */
  async restore(checkpoint: Checkpoint): Promise<void> {
    if (checkpoint?.owner !== this) {
      throw new RangeError('restore: the checkpoint was made by another simulation.');
    }
    if (checkpoint.life !== this.#lives) {
      throw new RangeError('restore: the checkpoint is of the run before resume().');
    }
    await this.#engineTurns.take(async () => {
      const engine = this.#engine();
      if (!engine.restore) throw new Error('internal: this engine makes no snapshots');
      checkpoint.network();
      this.#interventions.restore(checkpoint.interventions);
      await engine.restore(checkpoint.snapshot);
      this.#parts.recorder.rewind(checkpoint.spikes);
      this.#fields.truncate(checkpoint.step);
    });
  }

  /**
   * This moment as plain data, for resume() of any simulation of the same network: in another worker, after the device
   * was lost, on the other engine. Takes a copy of all state, and one pass over the spikes where they are kept.
   */
  async exportCheckpoint(): Promise<PortableCheckpoint> {
    return this.#engineTurns.take(async () => {
      const { compiled, recorder } = this.#parts;
      const isPlastic = changesSynapses(compiled) || this.#state.hasWrittenSynapses;
      const state = await this.#engine().save(isPlastic);
      return {
        ...ofNetwork(compiled),
        step: state.step,
        state,
        changes: compiled.changes,
        interventions: this.#interventions.mark(),
        spikes: recorder.store.save(),
      };
    });
  }

  /**
   * Takes up the run of another simulation of the same network (document, seed, precision, way in which synapses exist),
   * on whatever engine: from here on every bit is as if that one had gone on, parameters that were changed there
   * included. summary() and spikeHash() tell of the whole run; what else is recorded begins at this moment, and
   * checkpoints made here before are void. Throws RangeError for a checkpoint of another network; nothing has changed then.
   */
  async resume(checkpoint: PortableCheckpoint): Promise<void> {
    this.#engine();
    const { compiled, recorder } = this.#parts;
    checkPortable(checkpoint, compiled);
    const { step, state, changes, interventions, spikes } = checkpoint;
    await this.#engineTurns.take(async () => {
      if (state.synapseState === null && this.#state.hasWrittenSynapses) {
        throw new RangeError(
          'resume: the checkpoint has no synapses, as they were unchanged, and here they have been changed. Create a new ' +
            'simulation.',
        );
      }
      const bringBack = compiled.keep();
      const mark = this.#interventions.mark();
      try {
        const { first, values } = compiled.adopt(changes);
        this.#interventions.resume(interventions);
        recorder.resume(spikes);
        await this.#engine().load(state);
        await this.#engine().write('constants', first, values);
      } catch (error) {
        bringBack();
        this.#interventions.restore(mark);
        throw error;
      }
      this.#fields.truncate(0);
      this.#state.hasWrittenSynapses ||= state.synapseState !== null;
      this.#lives++;
      this.#resumedAt = step;
      this.#wallMs = 0;
      this.#recordMs = 0;
    });
  }

  /** What the run amounts to so far. Costs one pass over the recorded spikes where they are kept. */
  summary(): RunSummary {
    const { compiled, engine, compileSeconds, buildSeconds } = this.#parts;
    const { plan, document } = compiled;
    const timeMs = this.timeMs;
    const wallSeconds = this.#wallMs / 1000;
    const hereMs = timeMs - this.#resumedAt * plan.dtMs;
    return {
      model: document.name,
      engine: engine.kind,
      adapter: engine.adapter,
      precision: plan.precision,
      exact_arithmetic: engine.exactArithmetic,
      seed: plan.seed,
      dt_ms: plan.dtMs,
      duration_ms: timeMs,
      slow_time: slowTimesOf(document, timeMs),
      neurons: plan.neuronCount,
      synapses: plan.synapseCount,
      memory_bytes: engine.bytes,
      compile_s: compileSeconds,
      build_s: buildSeconds,
      wall_s: wallSeconds,
      record_s: this.#recordMs / 1000,
      realtime_factor: hereMs > 0 ? wallSeconds / (hereMs / 1000) : null,
      ...this.#recordings.totals(this.step),
      populations: this.#recordings.populationSummaries(this.step),
      warnings: this.warnings,
    };
  }

  /** Steps, windows, dispatches, submits and host time since creation. */
  timings(): EngineTimings {
    return this.#engine().timings();
  }

  /** Frees the engine and its memory; idempotent. Recordings read before stay valid. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#parts.engine.destroy();
  }

  /** destroy(), for `using simulation = await createSimulation(…)`. */
  [Symbol.dispose](): void {
    this.destroy();
  }

  /** The value that the document gives a parameter. */
  #engine(): Engine {
    if (this.#isDestroyed) {
      throw new DeviceError('This simulation was destroyed; create another one.', {
        reason: 'destroyed',
      });
    }
    return this.#parts.engine;
  }

  #warn(message: string): void {
    if (this.#warnings.has(message)) return;
    this.#warnings.add(message);
    this.#parts.onWarning?.(message);
  }
}

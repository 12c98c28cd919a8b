/**
 * What the page and a simulation worker say to each other: calls that are answered, and events. Plain data only, so that
 * either side can be replaced; large arrays are transferred. Types and widths; rpc.ts carries them.
 *
 * A worker builds one network, once, and runs it until it is terminated. A changed topology gets a new worker, which is
 * swapped in when it is ready, so that the old one runs and draws until then, and cancelling is terminating.
 */
import type { NetworkDocument, RunSummary, StateTrace } from '../../index.ts';
import type { Probe, ProjectSource } from '../state/project.ts';

/** Which network to build and how. */
export interface StartRequest {
  readonly source: ProjectSource;
  /** The network; null for an example that the worker is to build from its values. */
  readonly document: NetworkDocument | null;
  readonly engine: 'auto' | 'gpu' | 'cpu';
  readonly probes: readonly Probe[];
  /** Run up to that step before it is shown: how a run goes on on another engine. Default 0. */
  readonly fromStep?: number;
  /** State to go on from, of a run of the same network that broke off. */
  readonly checkpoint?: PortableCheckpoint;
}

/** State of a run that another worker can take up; opaque. */
export interface PortableCheckpoint {
  readonly step: number;
  readonly data: unknown;
}

export interface PopulationInfo {
  readonly name: string;
  readonly size: number;
  /** Global number of its first neuron. */
  readonly first: number;
  /** Integrator; null for spike lists. */
  readonly method: string | null;
  /** Variables that can be looked at, with the unit that people read them in ("mV"), "" without. */
  readonly variables: readonly VariableInfo[];
  /** Dimensions of its positions: 0 without. */
  readonly space: 0 | 2 | 3;
  /** What its synapses do to others, as far as the network tells; null where they do both. */
  readonly sign?: 'excitatory' | 'inhibitory' | null;
}

export interface VariableInfo {
  readonly name: string;
  readonly unit: string;
  /** It has an equation flagged (slow). */
  readonly slow: boolean;
  /** Whether `values` knows it; computed ones can only be probed. */
  readonly stored: boolean;
}

export interface ProjectionInfo {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly synapses: number;
  /** Its synapses are made again for every spike, and have no values to look at. */
  readonly procedural: boolean;
  readonly variables: readonly VariableInfo[];
}

export interface FieldInfo {
  readonly name: string;
  /** Voxels along x, y, z. */
  readonly grid: readonly [number, number, number];
  /** Edges of a voxel, µm. */
  readonly spacingUm: readonly [number, number, number];
  /** Corner of the grid, µm: voxel (0, 0, 0) reaches from there to the spacing. */
  readonly originUm: readonly [number, number, number];
  readonly variables: readonly VariableInfo[];
}

/** Everything about the built network that the page shows; constant while its worker lives. */
export interface NetworkInfo {
  /** As it was built, long lists by reference: the example's document, for an example. */
  readonly document: NetworkDocument;
  readonly title: string;
  readonly citation: string;
  /** What to know before believing the result; may be empty. */
  readonly note: string;
  readonly populations: readonly PopulationInfo[];
  readonly projections: readonly ProjectionInfo[];
  readonly fields: readonly FieldInfo[];
  readonly neurons: number;
  readonly synapses: number;
  readonly dtMs: number;
  readonly memoryBytes: number;
  readonly engine: 'gpu' | 'cpu';
  /** Description of the GPU, or null on the CPU engine. */
  readonly adapter: string | null;
  /** What WebGPU offers here, whether or not it is used. */
  readonly webgpu: 'none' | 'software' | 'hardware';
  readonly exactArithmetic: boolean;
  readonly compileSeconds: number;
  readonly buildSeconds: number;
  /** Whose slow equations run faster than the network, and how much; empty where none do. */
  readonly accelerations: string;
  readonly warnings: readonly string[];
}

/** How the live raster looks; the worker draws it. */
export interface RasterView {
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  /** Rows of populations from the top, device pixels; the page lays them out (raster-layout.ts) and labels them. */
  readonly bands: readonly RasterBand[];
  readonly background: readonly [number, number, number];
  /** Nothing fades; somebody asked for reduced motion. */
  readonly isCalm: boolean;
  /** Interval shown: the last `windowMs` up to now, or a fixed one when somebody has zoomed or paused and moved. */
  readonly window:
    | {
        readonly follow: true;
        readonly windowMs: number;
        /** Does not scroll: shows whole intervals of that length, and the next one when it is full. */
        readonly turnsPages: boolean;
      }
    | { readonly follow: false; readonly fromMs: number; readonly toMs: number };
}

export interface RasterBand {
  readonly population: string;
  readonly first: number;
  readonly size: number;
  readonly top: number;
  readonly height: number;
  readonly rgb: readonly [number, number, number];
}

/** Steps from … to-1. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** One of the statistics of statistics.ts over a range of steps; each population apart. */
export interface StatisticsRequest {
  readonly range: StepRange;
  /** Global neuron numbers to restrict to; all when left out. */
  readonly neurons?: Uint32Array;
}

export interface Histogram {
  /** One more than counts, ascending. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  /** Values above the last edge, which are not shown. */
  readonly beyond: number;
}

export interface PopulationStatistics {
  readonly population: string;
  /** Neurons that count: all, or those that were picked. */
  readonly size: number;
  /** What was looked at: the range that was asked for, as far as it has been simulated and is still kept. */
  readonly range: StepRange;
  readonly spikes: number;
  /** Spikes per second and neuron. */
  readonly rateHz: number;
  /** Mean coefficient of variation of intervals, of neurons with at least three spikes; null without any. */
  readonly cv: number | null;
  /** Of spikes per neuron. */
  readonly counts: Histogram;
  /** Of intervals between spikes, ms. */
  readonly intervals: Histogram;
  /** Of the coefficients of variation of neurons. */
  readonly cvs: Histogram;
  /**
   * Power spectrum of the population rate (Welch, Hann windows): frequencies in Hz and two-sided power in (spikes/s)²/Hz.
   * `poisson` is its level for as many independent Poisson neurons: rate over number. Empty for short ranges.
   */
  readonly spectrum: {
    readonly frequencies: Float64Array;
    readonly power: Float64Array;
    readonly poisson: number;
  };
  /** Largest peak of the spectrum when it stands out, Hz. */
  readonly peakHz: number | null;
  /** Variance of the population's spike count in 5 ms over that of independent neurons: 1 for those; null without spikes. */
  readonly synchrony: number | null;
}

export interface Responder {
  /** Global number. */
  readonly neuron: number;
  readonly population: string;
  readonly index: number;
  readonly spikes: number;
  readonly rateHz: number;
}

/** Last spikes of the neurons that are new since the question before. */
export interface Activity {
  /** Steps done. */
  readonly step: number;
  /** Global numbers, ascending. */
  readonly neurons: Uint32Array;
  /** One more than the step of their last spike: 0 means never. */
  readonly lastSpike: Uint32Array;
}

/** Spikes of recorded populations, global neuron numbers; `dropped` older ones are no longer kept. */
export interface KeptSpikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
  readonly dropped: number;
}

/** Calls to a simulation worker. All reject with the error that was thrown there (errors.ts of rpc.ts). */
export interface SimulationCalls {
  start(request: StartRequest): NetworkInfo;
  /** Gives the worker the canvas of the raster; later calls change how it looks. */
  attachRaster(canvas: OffscreenCanvas, view: RasterView): void;
  setRaster(view: RasterView): void;
  /** Runs until pause() or until `steps` are done; waits while the page is hidden, see setVisible. */
  play(options: {
    readonly pace: 'fast' | number;
    readonly steps?: number;
    /** Up to that step of the run, exactly; a run that is beyond it stops at once. */
    readonly until?: number;
  }): void;
  pause(): void;
  setParameter(owner: string, name: string, value: string | number): void;
  /** New first values for a variable, as `initial` would. */
  setValues(owner: string, variable: string, value: string | number): void;
  setProbes(probes: readonly Probe[]): void;
  /**
   * The page has drawn the last progress: the next one may come. A page that does not say so is told once a second. Best
   * said in requestAnimationFrame, or at once when the page is hidden.
   */
  ready(): void;
  /** Whether anybody sees the page. While nobody does, the run waits, unless it is to go on in the background. */
  setVisible(isVisible: boolean, inBackground: boolean): void;
  /** Values now: per neuron, voxel or synapse, in `unit` or internal units. */
  values(owner: string, variable: string, unit?: string): Float64Array;
  /** x, y, z in µm of every neuron of a population, three per neuron. */
  positions(population: string): Float32Array;
  /** Which neurons spiked in step `since` or later, and when last. */
  activity(since: number): Activity;
  statistics(request: StatisticsRequest): readonly PopulationStatistics[];
  responders(range: StepRange, most: number): readonly Responder[];
  spikes(range: StepRange): KeptSpikes;
  /** Recorded state of a recording of the document. */
  trace(recording: string): StateTrace;
  /**
   * Synapse counts between `bins` groups of source and target neurons, row-major by source. Neuron i of the n that the
   * projection may use (its slices) is in group floor(i * bins / n); with less neurons than groups some stay empty.
   */
  connectivity(projection: string, bins: number): Float64Array;
  /** Of a synapse variable, or "delay" in ms. */
  synapseHistogram(projection: string, variable: string, bins: number): Histogram;
  summary(): RunSummary;
  spikeHash(): string;
  checkpoint(): PortableCheckpoint;
}

/** What a piece of the run brought. */
export interface Progress {
  /** Steps done since the start. */
  readonly step: number;
  readonly steps: number;
  /** Wall milliseconds that they took. */
  readonly wallMs: number;
  readonly spikes: number;
  /** Spikes counted in bins of `RATE_BIN_MS`: of bins `firstBin` … in [bin][population] order, the newest still filling. */
  readonly firstBin: number;
  readonly rateCounts: Uint32Array;
  /** Samples of probes since the last progress, one entry per population that has any. */
  readonly probes: readonly ProbeSamples[];
  /** Spikes of probed neurons since the last progress: step and global number. */
  readonly probeSpikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array };
}

/** Width of the bins of population rates, ms (at least one step). */
export const RATE_BIN_MS = 5;

/** What a bin is wide with a time step: a whole number of steps. */
export const rateBinMs = (dtMs: number): number =>
  Math.max(1, Math.round(RATE_BIN_MS / dtMs)) * dtMs;

export interface ProbeSamples {
  readonly population: string;
  readonly neurons: readonly number[];
  readonly variables: readonly VariableInfo[];
  /** Steps of the samples. */
  readonly steps: Uint32Array;
  /** [sample][variable][neuron], in the unit of the variable. */
  readonly values: Float32Array;
}

/** Neurons that do not fire, and why. */
export interface SilentReport {
  /** Simulated time without a spike of the populations below. */
  readonly quietMs: number;
  /** In words, with the first thing to try. */
  readonly message: string;
  /** Those whose threshold is on a variable. */
  readonly populations: readonly SilentPopulation[];
}

/** The neuron of a population that came nearest to its threshold since it is quiet. */
export interface SilentPopulation {
  readonly population: string;
  readonly variable: string;
  readonly unit: string;
  /** Whether spikes are above the threshold. */
  readonly isAbove: boolean;
  /** Numbered in its population. */
  readonly neuron: number;
  readonly value: number;
  readonly threshold: number;
  readonly distance: number;
  /** Most promising first; may be empty. */
  readonly suggestions: readonly SilentSuggestion[];
}

/** Something to raise. */
export interface SilentSuggestion {
  /** A sentence. */
  readonly text: string;
  /** Where it is: population, input or projection by name, "" for the network. */
  readonly owner: string;
  readonly name: string;
  /** Parameters are edited in the document, variables by setValues or `initial`. */
  readonly kind: 'parameter' | 'variable' | 'input' | 'projection';
  /** What to set it to, "780 pA"; null where no number is known. */
  readonly value: string | null;
}

/** A value that became NaN or infinite, or an input that overflowed. */
export interface ValueFault {
  readonly kind: 'not-finite' | 'overflow';
  /** Population, field or projection. */
  readonly owner: string;
  readonly ownerKind: 'population' | 'field' | 'projection';
  readonly variable: string;
  /** Neuron, voxel or synapse, numbered in its owner; null where it is not known. */
  readonly element: number | null;
  readonly step: number;
  readonly timeMs: number;
  /** Integrator of a population; null of others. */
  readonly method: string | null;
  /** The equation as typed, and its line from 1; '' and 0 where it has none. */
  readonly equation: string;
  readonly line: number;
  /** What to try, most promising first; sentences. */
  readonly advice: readonly string[];
}

/** What was lost or refused, as data. */
export interface Failure {
  /**
   * `lost`: the GPU went away; `device`: it cannot run this; `network`: the description is wrong; `values`: a variable
   * became NaN or an input overflowed; `file`: something from outside cannot be read; `internal`: a fault of ours.
   */
  readonly reason: 'lost' | 'device' | 'network' | 'values' | 'file' | 'internal';
  readonly message: string;
  /** Step at which it happened, or 0. */
  readonly step: number;
  /** Where in the document, or ''. */
  readonly path: string;
  readonly problems: readonly import('../../index.ts').Problem[];
  /** Of device limits: bytes. */
  readonly needed: number;
  readonly available: number;
  /** To go on from, where there is one. */
  readonly checkpoint: PortableCheckpoint | null;
  /** Of the reason `values`. */
  readonly fault?: ValueFault;
}

/** Events of a simulation worker. */
export interface SimulationEvents {
  building: { readonly message: string; readonly fraction: number | null };
  progress: Progress;
  /** The raster was drawn: what interval it shows, ms, and in which way. */
  drawn: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly mode: 'density' | 'ticks';
    /** Whether the GPU drew it. */
    readonly onGpu: boolean;
    /** Spikes before are no longer kept and cannot be shown; 0 while all are. */
    readonly keptFromMs: number;
    /** What it took to encode and submit (or paint), ms. */
    readonly frameMs: number;
  };
  /** Spikes were let go, because more came than are kept: how many so far, and from when on all are still there, ms. */
  kept: { readonly dropped: number; readonly fromMs: number };
  /** Nothing fires, after half a second of simulated time; null when something does again. */
  silent: { readonly report: SilentReport | null };
  /** The raster's canvas can no longer be drawn on: attachRaster wants another. */
  canvasLost: { readonly reason: string };
  /** It waits, because nobody sees the page, or goes on. */
  suspended: { readonly isSuspended: boolean };
  /** It no longer runs: somebody paused, or the steps are done. */
  stopped: { readonly step: number };
  warning: { readonly message: string };
  failed: Failure;
}

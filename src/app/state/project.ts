/**
 * A project: what a person works on, keeps, shares and undoes. The network document, where it came from, how it is run
 * and how it is looked at; plain data that survives JSON. Not what runs: see session.ts.
 */
import type { NetworkDocument } from '../../index.ts';
import type { ArrayReference } from './arrays.ts';

/** Where the document came from. An example that was edited by hand is a document. */
export type ProjectSource =
  | {
      readonly kind: 'example';
      readonly name: string;
      /** Of the example's own parameters, as typed; what is missing has its default. */
      readonly values: Readonly<Record<string, string>>;
      /** 0 … 2^32-1. */
      readonly seed: number;
    }
  | {
      readonly kind: 'document';
      /** In words, for the list of projects: "from cuba", "connectivity.parquet", "Brian 2 script". */
      readonly origin: string;
      /** Names of neurons, where the files that it came from have any. */
      readonly labels?: NeuronLabels;
    };

/** Ids or names of the neurons of a population, in order: UTF-8 text, one per line, by reference where it is long. */
export interface NeuronLabels {
  readonly population: string;
  readonly ids: Uint8Array | ArrayReference;
}

/** What is undone and redone. */
export interface ProjectContent {
  readonly source: ProjectSource;
  /**
   * The network. Long lists of numbers are replaced by references (arrays.ts). null only while an example has not been
   * built for the first time: the simulation worker builds it, and says what came out.
   */
  readonly document: NetworkDocument | null;
}

/** How the network is run. Results depend on none of it. */
export interface RunSettings {
  /** `auto` takes the GPU when there is a real one, `gpu` also a software adapter. */
  readonly engine: 'auto' | 'gpu' | 'cpu';
  /**
   * As fast as possible, or at most so many simulated seconds per second: 1 is real time, 0.1 a slow motion. `auto` is
   * real time, which an eye can follow, and as fast as possible where slow variables are what one waits for.
   */
  readonly pace: 'auto' | 'fast' | number;
  /** Whether a hidden tab goes on. */
  readonly inBackground: boolean;
}

/** Neurons whose state is drawn over time. */
export interface Probe {
  readonly population: string;
  /** Numbered within the population, ascending, at most 8. */
  readonly neurons: readonly number[];
}

/** How the network is looked at. */
export interface ViewState {
  /** Length of the live window, ms. */
  readonly windowMs: number;
  /** Open panel under the raster, by its name in views/panels.ts. */
  readonly panel: string;
  readonly theme: 'auto' | 'dark' | 'light';
  /** At most one per population; empty: a few of the first population. */
  readonly probes: readonly Probe[];
  /** Name of the lesson that is open, or ''. */
  readonly lesson: string;
  /** Controls that a lesson or an embedding page hides: "engine", "build", "share", "gallery", "panels", … */
  readonly hidden: readonly string[];
  /** Sound a click for spikes of the probed neurons. */
  readonly sound: boolean;
  /** How the panel Space looks; left out: its defaults. */
  readonly space?: SpaceLook;
}

/** Camera and colours of the panel Space. */
export interface SpaceLook {
  /** null: everything, from the front. */
  readonly camera: {
    /** Turned about z, and height of the eye over the xy plane, radians. */
    readonly yaw: number;
    readonly pitch: number;
    /** At 1 everything is in the picture, however it is turned. */
    readonly zoom: number;
    /** x, y, z in the middle of the picture, µm. */
    readonly centre: readonly [number, number, number];
  } | null;
  /** A variable, or '' for activity. */
  readonly colour: string;
  readonly map: 'cividis' | 'viridis';
  /** Time in which a spike fades to 1/e, ms. */
  readonly fadeMs: number;
  /** Factor on the size of points. */
  readonly size: number;
  /** Populations that are not shown. */
  readonly hidden: readonly string[];
}

export interface Project extends ProjectContent {
  /** Random, for the list of projects; not in links. */
  readonly id: string;
  readonly run: RunSettings;
  readonly view: ViewState;
}

export const DEFAULT_RUN: RunSettings = { engine: 'auto', pace: 'auto', inBackground: false };

export const DEFAULT_VIEW: ViewState = {
  windowMs: 1000,
  panel: 'rates',
  theme: 'auto',
  probes: [],
  lesson: '',
  hidden: [],
  sound: false,
};

/** The seed of a project, wherever it stands. */
export const seedOf = ({ source, document }: ProjectContent): number =>
  source.kind === 'example' ? source.seed : (document?.seed ?? 1);

/** A new project of an example. */
export function exampleProject(
  name: string,
  values: Readonly<Record<string, string>> = {},
  seed = 1,
): Project {
  return newProject({ source: { kind: 'example', name, values, seed }, document: null });
}

/** A new project with default settings. */
export function newProject(
  content: ProjectContent,
  run: Partial<RunSettings> = {},
  view: Partial<ViewState> = {},
): Project {
  return {
    id: crypto.randomUUID(),
    ...content,
    run: { ...DEFAULT_RUN, ...run },
    view: { ...DEFAULT_VIEW, ...view },
  };
}

/** What a lesson is: a network, and steps that the page checks. Data and pure checks; what is seen is a Watch. */

/** A parameter that a step asks to change, as a slider. */
export interface LessonControl {
  /** Population, projection or input that has it; '' for the network. */
  readonly owner: string;
  readonly kind: 'network' | 'population' | 'projection';
  readonly parameter: string;
  readonly title: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Excitatory blue and a triangle, inhibitory vermillion and a circle. */
  readonly sign?: 'excitatory' | 'inhibitory';
}

export interface LessonStep {
  /** What to look at, and what to do. */
  readonly text: string;
  /** Said when it is done. */
  readonly done: string;
  readonly controls: readonly LessonControl[];
  /** Whether it is done; asked about once a second while the step is open. */
  check(watch: Watch): boolean | Promise<boolean>;
}

export interface Lesson {
  readonly name: string;
  readonly title: string;
  /** One sentence for the list. */
  readonly about: string;
  /** Panel to open with. */
  readonly panel: string;
  /** Neurons to probe. */
  readonly probes: readonly { readonly population: string; readonly neurons: readonly number[] }[];
  readonly windowMs: number;
  readonly steps: readonly LessonStep[];
}

/** What a check can see. */
export interface Watch {
  readonly timeMs: number;
  readonly isRunning: boolean;
  readonly panel: string;
  /** Value of a parameter of the document, in `unit`; NaN where it is not given in a unit of that kind. */
  parameter(owner: string, name: string, unit: string): number;
  /** Spikes per second and neuron over the last second; 0 before the first. */
  rateHz(population: string): number;
  /** Mean coefficient of variation of intervals over the last two seconds; null without enough spikes. */
  cv(population: string): Promise<number | null>;
  /** Mean over neurons (or synapses) of a variable now, in `unit`. */
  mean(owner: string, variable: string, unit?: string): Promise<number>;
  /** Something to compare with later: the value that was noted first in this lesson. */
  noted(name: string, value: number): number;
}

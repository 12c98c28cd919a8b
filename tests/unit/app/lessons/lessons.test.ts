/**
 * Every step of every lesson can be done by what its text says, and is not done before: the networks are run on the CPU
 * engine with the parameters that the text asks for.
 */
import { describe, expect, it } from 'vitest';
import type { Lesson, Watch } from '../../../../src/app/lessons/lesson.ts';
import { lessons } from '../../../../src/app/lessons/lessons.ts';
import { lessonTools } from '../../../../src/app/tools/lessons.ts';
import { createSimulation, parseQuantity, type Simulation } from '../../../../src/index.ts';

type Change = readonly [owner: string, parameter: string, value: string | number];
/** The button of the page: the network anew, with the values of now. */
const RESET: Change = ['', 'Reset', ''];

/** What a person would do at each step, and how long they would watch, ms; null where watching is all. */
const SOLUTIONS: Readonly<Record<string, readonly (readonly [readonly Change[], number])[]>> = {
  threshold: [
    [[['neuron', 'i_in', '300 pA']], 1000],
    [[['neuron', 'i_in', '155 pA']], 1500],
    [[['neuron', 'i_in', '237 pA']], 1500],
    [
      [
        ['neuron', 'i_in', '1000 pA'],
        ['neuron', 'tau_refrac', '20 ms'],
      ],
      1500,
    ],
  ],
  'balance-of-two': [
    [[], 2100],
    [[['', 'w_inh', '17 nS']], 1500],
    [[['', 'w_inh', '67 nS'], RESET], 2500],
    [[['', 'w_exc', '0 nS']], 1500],
  ],
  irregular: [
    [[], 2000],
    [[['', 'g', 5]], 2500],
    [[['', 'g', 8]], 2500],
  ],
  tiring: [
    [[], 2200],
    [[['sender', 'rate', '40 Hz']], 3000],
    [[['synapse', 'tau_rec', '30 ms']], 2000],
    [
      [
        ['synapse', 'u_0', 0.05],
        ['synapse', 'tau_fac', '1000 ms'],
      ],
      3000,
    ],
  ],
  gene: [
    [[], 3500],
    [[['', 'w_drive', '1.6 nS']], 12_000],
    [[['', 'w_drive', '0 nS']], 6_000],
  ],
};

class Desk implements Watch {
  readonly isRunning = true;
  readonly panel = '';
  readonly #notes = new Map<string, number>();
  readonly #values = new Map<string, string | number>();
  #simulation: Simulation;
  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }
  get simulation(): Simulation {
    return this.#simulation;
  }
  async reset(): Promise<void> {
    const { document } = this.#simulation;
    this.#simulation.destroy();
    this.#simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
    const changes = [...this.#values].map(([key, value]) => [...key.split('.'), value]);
    for (const change of changes) await this.set(change as unknown as Change);
  }
  get timeMs(): number {
    return this.#simulation.timeMs;
  }
  async set([owner, parameter, value]: Change): Promise<void> {
    if (parameter === 'Reset') return this.reset();
    this.#values.set(`${owner}.${parameter}`, value);
    await this.#simulation.setParameter(owner, parameter, value);
  }
  parameter(owner: string, name: string, unit: string): number {
    const { document } = this.#simulation;
    const found =
      this.#values.get(`${owner}.${name}`) ??
      (owner === ''
        ? document.params
        : [...document.populations, ...document.projections].flatMap((one) =>
            one.name === owner && 'params' in one ? [one.params] : [],
          )[0])?.[name];
    if (found === undefined) throw new Error(`${owner}.${name} is not a parameter.`);
    const scale = unit === '' ? 1 : parseQuantity(`1 ${unit}`, 'unit').value;
    return parseQuantity(found, name).value / scale;
  }
  #trains(population: string, overMs: number): Map<number, number[]> {
    const { steps, neurons } = this.#simulation.spikes(`${population} spikes`);
    const from = this.#simulation.step - overMs / this.#simulation.dtMs;
    const trains = new Map<number, number[]>();
    steps.forEach((step, k) => {
      if (step < from) return;
      const neuron = neurons[k] as number;
      trains.set(neuron, [...(trains.get(neuron) ?? []), step]);
    });
    return trains;
  }
  rateHz(population: string): number {
    const size = this.#simulation.populations.find(({ name }) => name === population)?.size ?? 1;
    const spikes = [...this.#trains(population, 1000).values()].flat().length;
    return spikes / size;
  }
  async cv(population: string): Promise<number | null> {
    const cvs = [...this.#trains(population, 2000).values()]
      .filter((train) => train.length > 2)
      .map((train) => {
        const intervals = train.slice(1).map((step, k) => step - (train[k] as number));
        const mean = intervals.reduce((a, b) => a + b) / intervals.length;
        const variance = intervals.reduce((a, b) => a + (b - mean) ** 2, 0) / intervals.length;
        return Math.sqrt(variance) / mean;
      });
    return cvs.length === 0 ? null : cvs.reduce((a, b) => a + b) / cvs.length;
  }
  async mean(owner: string, variable: string, unit?: string): Promise<number> {
    const values = await this.#simulation.get(owner, variable, unit);
    return values.reduce((a, b) => a + b) / values.length;
  }
  noted(name: string, value: number): number {
    if (!this.#notes.has(name)) this.#notes.set(name, value);
    return this.#notes.get(name) as number;
  }
}

describe.each(lessons.map((lesson) => [lesson.name, lesson] as [string, Lesson]))(
  'lesson %s',
  (name, lesson) => {
    it('can be done as it says, step by step, and not before', { timeout: 240_000 }, async () => {
      const simulation = await createSimulation(lessonTools.lessonDocument(name), {
        engine: 'cpu',
        threads: 1,
      });
      const desk = new Desk(simulation);
      try {
        const solutions = SOLUTIONS[name] ?? [];
        expect(solutions).toHaveLength(lesson.steps.length);
        for (const [index, step] of lesson.steps.entries()) {
          const [changes, ms] = solutions[index] as readonly [readonly Change[], number];
          expect(await step.check(desk), `step ${index + 1} before anything was done`).toBe(false);
          for (const change of changes) await desk.set(change);
          await desk.simulation.run(`${ms} ms`);
          const seen = [
            desk.rateHz(simulation.populations[0]?.name ?? ''),
            await desk.cv(simulation.populations[0]?.name ?? ''),
          ];
          expect(await step.check(desk), `step ${index + 1}: rate and CV ${seen}`).toBe(true);
        }
      } finally {
        desk.simulation.destroy();
      }
    });

    it('has sliders for parameters that exist, within their range', () => {
      const document = lessonTools.lessonDocument(name);
      const controls = lesson.steps.flatMap(({ controls }) => controls);
      expect(controls.length).toBeGreaterThan(0);
      for (const { owner, kind, parameter, unit, min, max } of controls) {
        const params =
          kind === 'network'
            ? document.params
            : kind === 'population'
              ? document.populations.find((one) => one.name === owner)
              : document.projections.find((one) => one.name === owner);
        const table = (
          kind === 'network' ? params : (params as { params: object }).params
        ) as Record<string, string | number>;
        const value = table[parameter];
        if (value === undefined) throw new Error(`${owner}.${parameter} does not exist`);
        const { value: number } = parseQuantity(value, parameter);
        const scale = unit === '' ? 1 : parseQuantity(`1 ${unit}`, unit).value;
        expect(number / scale).toBeGreaterThanOrEqual(min);
        expect(number / scale).toBeLessThanOrEqual(max);
      }
    });
  },
);

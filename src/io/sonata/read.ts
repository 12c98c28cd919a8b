/**
 * SONATA circuits and simulations as network documents: populations, connections, given spikes, current clamps and
 * reports. What cannot be run here is refused by name; what is passed over is said in the notes.
 */
import type {
  NetworkDocument,
  PopulationDocument,
  ProjectionDocument,
  RecordingDocument,
  TimedArrayDocument,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { checkKnownOptions, checkText } from '../arguments.ts';
import { checkSource, type FileSource } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';
import { type Cells, readCells } from './cells.ts';
import { clamped, readClamp, timedArray } from './clamps.ts';
import { readConfig, type SonataConfig } from './config.ts';
import { readEdges } from './edges.ts';
import { nodeSet } from './node-sets.ts';
import { type NodePopulation, readNodes } from './nodes.ts';
import { projectionsOf } from './projections.ts';
import { addSpikes, oneSpikePerStep, type SpikeList } from './spike-input.ts';

/** A network that was read, and what to know about it. */
export interface SonataNetwork {
  readonly document: NetworkDocument;
  /** How long the simulation is to run; null when there is only a circuit. */
  readonly duration: string | null;
  /** What was passed over or decided, one line each. */
  readonly notes: readonly string[];
}

export interface SonataOptions {
  /** Time step in ms; default: what the simulation says, or 0.1. Given spikes go to the nearest step. */
  readonly dtMs?: number;
}

const DEFAULT_DT = 0.1;
/** Most samples that reports may ask for; more are left out, with a note. */
const MOST_SAMPLES = 50_000_000;

/**
 * Reads a circuit configuration, or a simulation configuration, or the file that names both. Throws NetworkError naming
 * file, place and remedy for what is missing, damaged, outside the source, or of a kind that cannot be run.
 */
export async function readSonata(
  source: FileSource,
  name: string,
  options: SonataOptions = {},
): Promise<SonataNetwork> {
  checkSource(source, 'readSonata: source');
  checkText(name, 'readSonata: name');
  checkKnownOptions(options, 'readSonata: options', ['dtMs']);
  const config = await readConfig(source, name);
  const notes: string[] = [];
  const note = (text: string): void => {
    if (!notes.includes(text)) notes.push(text);
  };
  const reading = new Reading(source, config, note, options.dtMs);
  return { ...(await reading.network(name)), notes };
}

class Reading {
  readonly #source: FileSource;
  readonly #config: SonataConfig;
  readonly #note: (text: string) => void;
  readonly #populations = new Map<string, NodePopulation>();
  readonly #cells = new Map<NodePopulation, Cells | null>();
  readonly #timedArrays: Record<string, TimedArrayDocument> = {};
  readonly #dtMs: number;

  constructor(
    source: FileSource,
    config: SonataConfig,
    note: (text: string) => void,
    dtMs: number | undefined,
  ) {
    this.#source = source;
    this.#config = config;
    this.#note = note;
    const dt = dtMs ?? config.simulation?.run.dt ?? DEFAULT_DT;
    if (typeof dt !== 'number' || !(dt > 0)) {
      throw unreadable(
        { file: config.simulation?.file ?? config.file },
        '"dt" must be a time > 0.',
      );
    }
    this.#dtMs = dt;
  }

  async network(name: string): Promise<Omit<SonataNetwork, 'notes'>> {
    const { nodes, edges, simulation, file, components } = this.#config;
    for (const pair of nodes) {
      for (const population of await readNodes(this.#source, pair)) {
        if (this.#populations.has(population.name)) {
          throw unreadable(
            { file: pair.data },
            `population "${population.name}" was there before.`,
          );
        }
        this.#populations.set(population.name, population);
      }
    }
    if (this.#populations.size === 0) throw unreadable({ file }, 'the circuit has no nodes.');
    for (const population of this.#populations.values()) {
      const cells = await readCells(this.#source, population, components, this.#note);
      this.#cells.set(population, cells);
    }
    const { spikes, clamps } = await this.#inputs();
    const projections: ProjectionDocument[] = [];
    for (const pair of edges) projections.push(...(await this.#projections(pair)));
    const own = simulation?.wetware ?? {};
    // Parts that wetware wrote are checked with all others.
    const extra = own as Partial<NetworkDocument>;
    const document = validateDocument({
      format: 'wetware',
      version: 1,
      name: extra.name ?? nameOf(name),
      dt: `${this.#dtMs} ms`,
      seed: extra.seed ?? 1,
      params: extra.params ?? {},
      timedArrays: { ...extra.timedArrays, ...this.#timedArrays },
      populations: [...this.#populations.values()].map((population) =>
        this.#population(population, spikes.get(population), clamps.get(population) ?? []),
      ),
      projections,
      inputs: extra.inputs ?? [],
      recordings: extra.recordings ?? this.#recordings(),
    });
    const stop = simulation?.run.tstop;
    const duration = typeof stop === 'number' && stop > 0 ? `${stop} ms` : null;
    return { document, duration };
  }

  async #projections(pair: SonataConfig['edges'][number]): Promise<ProjectionDocument[]> {
    const projections: ProjectionDocument[] = [];
    for (const edges of await readEdges(this.#source, pair, this.#populations)) {
      const cells = this.#cells.get(edges.target) ?? null;
      if (cells === null) {
        const problem = `edges "${edges.name}" lead to virtual population "${edges.target.name}".`;
        throw unreadable({ file: edges.file }, problem, 'Virtual nodes only emit given spikes.');
      }
      if (edges.pre.length === 0) {
        this.#note(`edges "${edges.name}" are none.`);
        continue;
      }
      const context = {
        source: this.#source,
        components: this.#config.components,
        dtMs: this.#dtMs,
        note: this.#note,
      };
      projections.push(...(await projectionsOf(edges, cells, context)));
    }
    return projections;
  }

  #population(
    population: NodePopulation,
    spikes: SpikeList | undefined,
    clamps: readonly { readonly array: string; readonly rows: Uint32Array }[],
  ): PopulationDocument {
    const { name, size, attributes } = population;
    const cells = this.#cells.get(population) ?? null;
    if (cells === null) {
      const given = spikes ?? { rows: [], timesMs: [] };
      if (given.rows.length === 0) this.#note(`virtual population "${name}" has no spikes.`);
      const { list, moved } = oneSpikePerStep(given, this.#dtMs);
      if (moved > 0) {
        const step = `${this.#dtMs} ms`;
        this.#note(
          `${name}: ${moved} spikes that share a step (${step}) with one moved to the next.`,
        );
      }
      return { kind: 'spikes', name, size, indices: list.rows, timesMs: list.timesMs };
    }
    const options = clamped(population, cells, clamps);
    const positions = ['x', 'y', 'z'].filter(
      (axis) =>
        attributes.get(axis)?.every((value) => Number.isFinite(value)) && !hasName(options, axis),
    );
    const lines = positions.map((axis) => `${axis} : meter (constant)`);
    const values = positions.map((axis) => [
      axis,
      { values: attributes.get(axis) ?? [], unit: 'um' },
    ]);
    return {
      kind: 'neurons',
      name,
      size,
      ...options,
      eqs: [options.eqs, ...lines].join('\n'),
      initial: { ...options.initial, ...Object.fromEntries(values) },
    };
  }

  /** Given spikes and current clamps of the simulation. */
  async #inputs(): Promise<{
    spikes: Map<NodePopulation, SpikeList>;
    clamps: Map<NodePopulation, { array: string; rows: Uint32Array }[]>;
  }> {
    const spikes = new Map<NodePopulation, SpikeList>();
    const clamps = new Map<NodePopulation, { array: string; rows: Uint32Array }[]>();
    const { simulation } = this.#config;
    if (simulation === null) return { spikes, clamps };
    for (const [name, input] of Object.entries(simulation.inputs)) {
      if (input.enabled === false) continue;
      const { input_type: type, module, input_file: path } = input;
      const file = `${simulation.file}, inputs, "${name}"`;
      const chosen = nodeSet(input.node_set ?? 'all', simulation.nodeSets, this.#populations, file);
      if (type === 'spikes') {
        const isKnown = ['h5', 'sonata', 'csv'].includes(String(module));
        if (!isKnown || typeof path !== 'string') {
          const problem = `spikes of module "${String(module)}" cannot be read.`;
          throw unreadable({ file }, problem, 'What can: sonata, h5 and csv, with an input_file.');
        }
        const virtual = new Map([...chosen].filter(([one]) => this.#cells.get(one) === null));
        await addSpikes(this.#source, simulation.resolve(path), virtual, spikes, this.#note);
      } else if (type === 'current_clamp' || (type === 'csv' && module === 'IClamp')) {
        const clamp = await readClamp(this.#source, simulation, name, this.#note);
        const array = `clamp_${Object.keys(this.#timedArrays).length}`;
        this.#timedArrays[array] = timedArray(clamp, this.#dtMs);
        for (const [population, rows] of chosen) {
          if (this.#cells.get(population) === null) continue;
          clamps.set(population, [...(clamps.get(population) ?? []), { array, rows }]);
        }
      } else {
        const problem = `input_type "${String(type)}" cannot be run here.`;
        throw unreadable({ file }, problem, 'What can: spikes, current_clamp.', type);
      }
    }
    return { spikes, clamps };
  }

  /** All spikes of cells, and what the reports of the simulation ask for. */
  #recordings(): RecordingDocument[] {
    const cells = [...this.#populations.values()].filter((one) => this.#cells.get(one) !== null);
    const recordings: RecordingDocument[] = cells.map(({ name }) => ({
      kind: 'spikes',
      name: `${name} spikes`,
      target: { population: name },
    }));
    const { simulation } = this.#config;
    for (const [name, report] of Object.entries(simulation?.reports ?? {})) {
      if (report.enabled === false || simulation === null) continue;
      recordings.push(...this.#report(name, report, simulation));
    }
    return recordings;
  }

  #report(
    name: string,
    report: Readonly<Record<string, unknown>>,
    { file, nodeSets, run }: NonNullable<SonataConfig['simulation']>,
  ): RecordingDocument[] {
    const place = `${file}, reports, "${name}"`;
    const { variable_name: variables, cells: wanted = 'all', dt } = report;
    const every = typeof dt === 'number' && dt > 0 ? dt : this.#dtMs;
    const chosen = [...nodeSet(wanted, nodeSets, this.#populations, place)];
    return chosen.flatMap(([population, rows]): RecordingDocument[] => {
      const cells = this.#cells.get(population) ?? null;
      if (cells === null) return [];
      const names = [variables].flat().flatMap((one) => cells.variableOf(String(one)) ?? []);
      const samples = (rows.length * names.length * Number(run.tstop ?? 0)) / every;
      if (names.length === 0 || samples > MOST_SAMPLES) {
        const reason = names.length === 0 ? 'there is no such variable' : `${samples} samples`;
        this.#note(`report "${name}" of ${String(variables)} is left out: ${reason}.`);
        return [];
      }
      return [
        {
          kind: 'state',
          name: chosen.length > 1 ? `${name} ${population.name}` : name,
          target: { population: population.name },
          variables: names,
          ...(rows.length < population.size && { neurons: Array.from(rows) }),
          ...(every !== this.#dtMs && { every: `${every} ms` }),
        },
      ];
    });
  }
}

/** Whether equations already use a name. */
function hasName({ eqs, params }: { eqs: string; params: object }, name: string): boolean {
  return Object.hasOwn(params, name) || new RegExp(`(^|\\W)${name}(\\W|$)`).test(eqs);
}

/** The folder of the configuration, which is how circuits are called. */
function nameOf(file: string): string {
  const steps = file.split('/');
  return steps.at(-2) ?? file.replace(/\.json$/, '');
}

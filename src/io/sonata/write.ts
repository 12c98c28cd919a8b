/**
 * Network documents as SONATA files. Populations of NEST's point neurons with static synapses are written in NEST's
 * names, so that other programs run them; everything else under a template of our own, with its equations in the
 * parameter files: others can open those, and wetware reads them back as they were. What SONATA has no place for
 * (Poisson inputs, timed arrays, recordings, seed) stands under "wetware" in the simulation configuration.
 */

import { NetworkError } from '../../errors.ts';
import { streamOf } from '../../language/philox.ts';
import { DIMENSIONS, parseQuantity } from '../../language/units.ts';
import type {
  NetworkDocument,
  NumberList,
  PopulationDocument,
  ProjectionDocument,
  SliceReference,
  SpikeListDocument,
  ValueSpec,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { connect } from '../../plan/connect.ts';
import { checkKnownOptions } from '../arguments.ts';
import { asU64, type GroupWriter, writeHdf5 } from '../hdf5-write.ts';
import { plainLists } from '../plain-lists.ts';
import { WETWARE_TEMPLATE } from './cells.ts';
import { type NestEdges, type NestForm, nestForms } from './nest-form.ts';
import { writeSonataSpikes } from './write-spikes.ts';

export interface WriteSonataOptions {
  /** Simulated time; default "1 s". */
  readonly duration?: string;
}

/** The files of a circuit by name, circuit_config.json among them. Throws NetworkError for what cannot be written. */
export async function writeSonata(
  network: NetworkDocument,
  options: WriteSonataOptions = {},
): Promise<Map<string, Uint8Array>> {
  const document = validateDocument(network);
  checkKnownOptions(options, 'writeSonata: options', ['duration']);
  const { duration: wanted = '1 s' } = options;
  const duration = parseQuantity(wanted, 'duration', DIMENSIONS.time).value;
  const writer = new CircuitWriter(document);
  for (const population of document.populations) await writer.population(population);
  for (const projection of document.projections) await writer.projection(projection);
  return writer.finish(duration);
}

const SCALAR = true;

class CircuitWriter {
  readonly #document: NetworkDocument;
  readonly #forms: ReadonlyMap<string, NestForm>;
  readonly #files = new Map<string, Uint8Array>();
  readonly #stems = new Set<string>();
  readonly #nodes: object[] = [];
  readonly #edges: object[] = [];
  readonly #inputs: Record<string, object> = {};

  constructor(document: NetworkDocument) {
    this.#document = document;
    this.#forms = nestForms(document);
  }

  async population(population: PopulationDocument): Promise<void> {
    const { name, size } = population;
    checkGroupName(name, 'Population');
    const stem = this.#stem(name);
    const form = this.#forms.get(name);
    const { columns, own } = this.#nodeTypes(population, stem, form);
    this.#text(`network/${stem}_node_types.csv`, typesTable({ node_type_id: '0', ...columns }));
    const nodesFile = `network/${stem}_nodes.h5`;
    const bytes = await writeHdf5((root) => {
      writeHeader(root);
      const group = root.group('nodes').group(name);
      group.dataset('node_id', asU64(rangeTo(size)));
      group.dataset('node_type_id', asU64(new Uint32Array(size)));
      group.dataset('node_group_id', new Uint32Array(size));
      group.dataset('node_group_index', asU64(rangeTo(size)));
      const attributes = group.group('0');
      if (own.size === 0) return;
      const dynamics = attributes.group('dynamics_params');
      for (const [variable, values] of own) dynamics.dataset(variable, Float64Array.from(values));
    });
    this.#files.set(nodesFile, bytes);
    this.#nodes.push({
      nodes_file: `$NETWORK_DIR/${stem}_nodes.h5`,
      node_types_file: `$NETWORK_DIR/${stem}_node_types.csv`,
    });
    if (population.kind === 'spikes') await this.#spikes(population, stem);
  }

  /** Columns of the type table, and what is given node by node. */
  #nodeTypes(population: PopulationDocument, stem: string, form: NestForm | undefined) {
    if (population.kind === 'spikes') {
      return { columns: { model_type: 'virtual' }, own: new Map<string, NumberList>() };
    }
    const columns = { model_type: 'point_neuron', dynamics_params: `${stem}.json` };
    const path = `components/cell_models/${stem}.json`;
    if (form !== undefined) {
      this.#json(path, form.parameters);
      const template = { model_template: `nest:${form.name}` };
      return { columns: { ...columns, ...template }, own: new Map<string, NumberList>() };
    }
    const { kind: _, name: __, size: ___, initial, ...texts } = population;
    const { shared, own, units } = separated(initial);
    this.#json(path, { ...texts, initial: shared, units });
    return { columns: { ...columns, model_template: WETWARE_TEMPLATE }, own };
  }

  async #spikes({ name, indices, timesMs }: SpikeListDocument, stem: string): Promise<void> {
    const file = `inputs/${stem}_spikes.h5`;
    const times = Float64Array.from(timesMs);
    const neurons = Uint32Array.from(indices);
    this.#files.set(file, await writeSonataSpikes([{ name, neurons, timesMs: times }]));
    this.#inputs[`${stem}_spikes`] = {
      input_type: 'spikes',
      module: 'sonata',
      input_file: `$INPUT_DIR/${stem}_spikes.h5`,
      node_set: name,
    };
  }

  async projection(projection: ProjectionDocument): Promise<void> {
    const { name, source, target } = projection;
    checkGroupName(name, 'Projection');
    const stem = this.#stem(name);
    const { pre, post } = synapsesOf(projection, this.#document);
    const edges = this.#forms.get(target.population)?.edges.get(name);
    const { columns, own } =
      edges === undefined
        ? this.#equations(projection, stem, pre.length)
        : nestColumns(edges, pre.length);
    this.#text(`network/${stem}_edge_types.csv`, typesTable({ edge_type_id: '0', ...columns }));
    const bytes = await writeHdf5((root) => {
      writeHeader(root);
      const group = root.group('edges').group(name);
      const ends = { source_node_id: [pre, source], target_node_id: [post, target] } as const;
      for (const [dataset, [rows, { population }]] of Object.entries(ends)) {
        group.dataset(dataset, asU64(rows)).attribute('node_population', population);
      }
      group.dataset('edge_type_id', asU64(new Uint32Array(pre.length)));
      group.dataset('edge_group_id', new Uint32Array(pre.length));
      group.dataset('edge_group_index', asU64(rangeTo(pre.length)));
      const attributes = group.group('0');
      for (const [variable, values] of own) attributes.dataset(variable, Float64Array.from(values));
    });
    this.#files.set(`network/${stem}_edges.h5`, bytes);
    this.#edges.push({
      edges_file: `$NETWORK_DIR/${stem}_edges.h5`,
      edge_types_file: `$NETWORK_DIR/${stem}_edge_types.csv`,
    });
  }

  /** A projection under our own template: equations in the parameter file, values edge by edge in HDF5. */
  #equations(projection: ProjectionDocument, stem: string, count: number) {
    const { name: _, source, target, connect: __, initial, delay, ...texts } = projection;
    const { shared, own, units } = separated(initial);
    for (const variable of own.keys()) checkVariable(variable, projection.name);
    const isOwn = typeof delay === 'object' && 'values' in delay;
    const delays = isOwn ? inMs(delay) : null;
    if (delays !== null) own.set('delay', delays);
    this.#json(`components/synaptic_models/${stem}.json`, {
      projection: { ...texts, initial: shared, ...(delay !== undefined && !isOwn && { delay }) },
      units,
      slices: { source: rangeOf(source), target: rangeOf(target) },
      delays: isOwn ? 'own' : 'all',
    });
    // Readers of SONATA expect a weight and a delay of every edge; here the equations say what they are.
    const columns = {
      model_template: WETWARE_TEMPLATE,
      dynamics_params: `${stem}.json`,
      syn_weight: '1.0',
      ...(delays === null && { delay: String(constantDelay(delay)) }),
    };
    if (own.get('delay')?.length === count || delays === null) return { columns, own };
    throw new Error('internal: delays are not one per synapse');
  }

  async finish(durationMs: number): Promise<Map<string, Uint8Array>> {
    const { dt, name, seed, params, timedArrays, inputs, recordings } = this.#document;
    const manifest = {
      $BASE_DIR: '.',
      $NETWORK_DIR: '$BASE_DIR/network',
      $COMPONENT_DIR: '$BASE_DIR/components',
      $INPUT_DIR: '$BASE_DIR/inputs',
      $OUTPUT_DIR: '$BASE_DIR/output',
    };
    const target = { target_simulator: 'NEST' };
    this.#json('circuit_config.json', {
      manifest,
      ...target,
      components: {
        point_neuron_models_dir: '$COMPONENT_DIR/cell_models',
        synaptic_models_dir: '$COMPONENT_DIR/synaptic_models',
      },
      networks: { nodes: this.#nodes, edges: this.#edges },
    });
    this.#json('simulation_config.json', {
      manifest,
      ...target,
      network: './circuit_config.json',
      run: { tstop: durationMs, dt: parseQuantity(dt, 'dt', DIMENSIONS.time).value },
      inputs: this.#inputs,
      output: { output_dir: '$OUTPUT_DIR', spikes_file: 'spikes.h5', spikes_sort_order: 'by_time' },
      wetware: { name, seed, params, timedArrays, inputs, recordings },
    });
    this.#json('config.json', {
      network: './circuit_config.json',
      simulation: './simulation_config.json',
    });
    return this.#files;
  }

  /** A name for files, each once. */
  #stem(name: string): string {
    const base = name.replace(/[^\w.-]+/g, '_').replace(/^[.-]+/, '') || 'unnamed';
    let stem = base;
    for (let k = 2; this.#stems.has(stem.toLowerCase()); k++) stem = `${base}_${k}`;
    this.#stems.add(stem.toLowerCase());
    return stem;
  }

  #json(name: string, content: object): void {
    this.#text(name, `${JSON.stringify(content, plainLists, 2)}\n`);
  }

  #text(name: string, content: string): void {
    this.#files.set(name, new TextEncoder().encode(content));
  }
}

function writeHeader(root: GroupWriter): void {
  root.attribute('version', Uint32Array.of(0, 1));
  root.attribute('magic', Uint32Array.of(0x0a7a), SCALAR);
}

const rangeTo = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, k) => k);

function typesTable(columns: Readonly<Record<string, string>>): string {
  return `${Object.keys(columns).join(' ')}\n${Object.values(columns).join(' ')}\n`;
}

function checkGroupName(name: string, what: string): void {
  if (!name.includes('/') && name !== '.' && name !== '..') return;
  throw new NetworkError(
    `${what} "${name}": SONATA keeps it in an HDF5 group, whose name has no "/". Rename it.`,
    { path: `${what} "${name}"`, value: name },
  );
}

function checkVariable(variable: string, projection: string): void {
  if (variable !== 'delay' && variable !== 'nsyns' && variable !== 'syn_weight') return;
  throw new NetworkError(
    `Projection "${projection}": "${variable}" means something else in SONATA files. Rename it.`,
    { path: `Projection "${projection}"`, value: variable },
  );
}

/** Values per element apart from those for all. */
function separated(initial: Readonly<Record<string, ValueSpec>>) {
  const shared: Record<string, ValueSpec> = {};
  const own = new Map<string, NumberList>();
  const units: Record<string, string> = {};
  for (const [variable, spec] of Object.entries(initial)) {
    if (typeof spec === 'object' && 'values' in spec) {
      own.set(variable, spec.values);
      units[variable] = spec.unit;
    } else {
      shared[variable] = spec;
    }
  }
  return { shared, own, units };
}

const rangeOf = ({ from, to }: SliceReference): object => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

function inMs({ values, unit }: { values: NumberList; unit: string }): Float64Array {
  const factor = parseQuantity(`1 ${unit}`, 'delay', DIMENSIONS.time).value;
  return Float64Array.from(values, (value) => value * factor);
}

/** For readers that look at delays; 0 where only the equations tell. */
function constantDelay(delay: ProjectionDocument['delay']): number {
  if (typeof delay !== 'string') return 0;
  try {
    return parseQuantity(delay, 'delay', DIMENSIONS.time).value;
  } catch {
    return 0;
  }
}

function nestColumns({ weights, delaysMs }: NestEdges, count: number) {
  const all = (values: number | NumberList): NumberList =>
    typeof values === 'number' ? new Float64Array(count).fill(values) : values;
  return {
    columns: { model_template: 'static_synapse' },
    own: new Map([
      ['syn_weight', all(weights)],
      ['delay', all(delaysMs)],
    ]),
  };
}

/** The synapses of a projection in the order in which values per synapse are given; rows of whole populations. */
function synapsesOf(
  { name, connect: rule, source, target }: ProjectionDocument,
  { populations, seed }: NetworkDocument,
): { readonly pre: Uint32Array; readonly post: Uint32Array } {
  const [from, to] = [source, target].map((slice) => slice.from ?? 0) as [number, number];
  if (rule.rule === 'list') {
    return {
      pre: Uint32Array.from(rule.pre, (row) => row + from),
      post: Uint32Array.from(rule.post, (row) => row + to),
    };
  }
  if (rule.rule === 'pairwise') {
    throw new NetworkError(
      `Projection "${name}": rule "pairwise" is not written to SONATA. Give its connections as a list.`,
      { path: `Projection "${name}"`, value: rule.rule },
    );
  }
  const endOf = (slice: SliceReference) => {
    let first = 0;
    for (const { name: one, size } of populations) {
      if (one !== slice.population) {
        first += size;
        continue;
      }
      const start = slice.from ?? 0;
      return { first: first + start, count: (slice.to ?? size) - start };
    }
    throw new Error(`internal: no population ${slice.population}`);
  };
  const [sources, targets] = [endOf(source), endOf(target)];
  const made = connect(
    {
      rule,
      ends: {
        sourceCount: sources.count,
        targetCount: targets.count,
        sourceFirst: sources.first,
        targetFirst: targets.first,
      },
      random: { seed, stream: streamOf('connect', name) },
    },
    `Projection "${name}"`,
  );
  const post = new Uint32Array(made.count);
  made.fill(post, null);
  const pre = new Uint32Array(made.count);
  for (let row = 0; row < sources.count; row++)
    pre.fill(row + from, made.rows[row], made.rows[row + 1]);
  return { pre, post: to === 0 ? post : post.map((row) => row + to) };
}

/**
 * Which columns of a connection table mean what: a mapping that somebody gives, or one of the layouts in which
 * connectomes are published. Looks at names only.
 */
import { suggest } from '../language/messages.ts';
import { unreadable } from './unreadable.ts';

/** Names of the columns of a table. */
export interface ColumnMapping {
  /** Neuron that sends: an index from 0, or any id. */
  readonly pre: string;
  readonly post: string;
  /** A number per connection; without it every row has weight 1. */
  readonly weight?: string;
  /** Milliseconds. */
  readonly delay?: string;
  /** Multiplies the size of the weight: 1, -1, or words such as "excitatory" and "inhibitory". */
  readonly sign?: string;
}

/** Whether pre and post number the neurons from 0 or name them; "auto" looks at the entries. */
export type NeuronReference = 'index' | 'id' | 'auto';

export interface Layout {
  readonly mapping: ColumnMapping;
  readonly reference: NeuronReference;
  /** Where this layout is used, for reports. */
  readonly name: string;
}

const PAIRS: readonly (readonly [
  pre: string,
  post: string,
  reference: NeuronReference,
  name: string,
])[] = [
  ['Presynaptic_Index', 'Postsynaptic_Index', 'index', 'FlyWire connectivity'],
  ['Presynaptic_ID', 'Postsynaptic_ID', 'id', 'FlyWire connectivity'],
  ['pre_pt_root_id', 'post_pt_root_id', 'id', 'CAVE synapse table'],
  ['pre_root_id', 'post_root_id', 'id', 'FlyWire Codex connections'],
  ['bodyId_pre', 'bodyId_post', 'id', 'neuPrint connections'],
  ['pre', 'post', 'auto', 'edge list'],
  ['source', 'target', 'auto', 'edge list'],
  ['Source', 'Target', 'auto', 'edge list'],
];

const WEIGHTS = [
  'Excitatory x Connectivity',
  'signed_synapse_count',
  'weight',
  'Weight',
  'syn_count',
  'synapse_count',
  'n_syn',
  'all',
  'Connectivity',
];
const DELAYS = ['delay_ms', 'delay'];
const SIGNS = ['sign', 'Excitatory'];

/** The layout of a table with these columns, or as `mapping` says. Throws NetworkError naming what was found. */
export function layoutOf(
  columns: readonly string[],
  mapping: ColumnMapping | undefined,
  file: string,
): Layout {
  const doubled = columns.find((name, index) => columns.indexOf(name) !== index);
  if (mapping !== undefined) return given(columns, mapping, file, doubled);
  const pair = PAIRS.find(([pre, post]) => columns.includes(pre) && columns.includes(post));
  if (pair === undefined) {
    throw unreadable(
      { file },
      `no columns for the two ends of a connection. Found: ${listed(columns)}.`,
      'Say which they are: columns { pre, post, weight } (--columns pre=…,post=…,weight=…), or call them pre, post, weight.',
      columns,
    );
  }
  const [pre, post, reference, name] = pair;
  const weight = first(columns, WEIGHTS);
  const delay = first(columns, DELAYS);
  // A weight that carries its sign needs no other.
  const isSigned = weight === WEIGHTS[0] || weight === WEIGHTS[1];
  const sign = isSigned ? undefined : first(columns, SIGNS);
  const found = {
    pre,
    post,
    ...(weight !== undefined && { weight }),
    ...(delay !== undefined && { delay }),
    ...(sign !== undefined && { sign }),
  };
  return { ...given(columns, found, file, doubled), reference, name };
}

function given(
  columns: readonly string[],
  mapping: ColumnMapping,
  file: string,
  doubled: string | undefined,
): Layout {
  for (const [meaning, name] of Object.entries(mapping)) {
    if (name === undefined) continue;
    if (name === doubled) throw unreadable({ file, column: name }, 'there are two of that name.');
    if (columns.includes(name)) continue;
    const near = suggest(String(name), columns);
    const hint = near === undefined ? '' : `Did you mean "${near}"?`;
    throw unreadable(
      { file },
      `no column "${name}" (for ${meaning}). Found: ${listed(columns)}.`,
      hint,
      name,
    );
  }
  return { mapping, reference: 'auto', name: 'columns as given' };
}

const first = (columns: readonly string[], wanted: readonly string[]): string | undefined =>
  wanted.find((name) => columns.includes(name));

const MOST_LISTED = 20;

/** In the order of the file, in which people know them. */
function listed(columns: readonly string[]): string {
  const names = columns.map((name) => (name === '' ? '(unnamed)' : name.slice(0, 60)));
  const rest = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

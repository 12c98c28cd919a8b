/** What matters in networks that people know by name, where the document alone does not tell. */
import type { NetworkDocument, Quantity } from '../../../index.ts';
import { paramsOf } from '../edits/set.ts';
import type { ControlTarget, QuickControl } from './controls.ts';

interface Row {
  readonly id: QuickControl['id'];
  readonly title: string;
  /** Populations or projections that have the parameter; all when left out, '' is the network. */
  readonly owners?: readonly string[];
  readonly parameter: string;
  /** Smallest factor, where 0 is a division by it; default 0. */
  readonly least?: number;
  /** A value in this unit; a factor when left out. */
  readonly value?: readonly [low: number, high: number, unit: string];
}

/** By the name of the network. */
const KNOWN: Readonly<Record<string, readonly Row[]>> = {
  'two-neurons': [
    { id: 'excitation', title: 'Chemical synapse', parameter: 'g_max' },
    { id: 'coupling', title: 'Resistance of the gap', parameter: 'r_gap', least: 0.1 },
    { id: 'drive', title: 'Drive', parameter: 'v_in' },
  ],
  'gap-junction': [{ id: 'coupling', title: 'Gap junction', parameter: 'g_gap' }],
  izhikevich: [{ id: 'drive', title: 'Drive', parameter: 'sigma' }],
};

export function knownControls(
  document: NetworkDocument,
  base: NetworkDocument,
): readonly QuickControl[] {
  const rows = Object.hasOwn(KNOWN, document.name) ? (KNOWN[document.name] ?? []) : [];
  return rows.flatMap(({ id, title, owners, parameter, least = 0, value }): QuickControl[] => {
    const targets = targetsOf(document, base, parameter, owners);
    const [first] = targets;
    if (!first) return [];
    if (!value) return [{ id, title, targets, range: { kind: 'factor', least, most: 3 } }];
    const [low, high, unit] = value;
    return [{ id, title, targets: [first], range: { kind: 'value', low, high, unit } }];
  });
}

function targetsOf(
  document: NetworkDocument,
  base: NetworkDocument,
  parameter: string,
  owners: readonly string[] | undefined,
): readonly ControlTarget[] {
  const all = [
    { kind: 'network', owner: '' } as const,
    ...document.populations.map(({ name }) => ({ kind: 'population', owner: name }) as const),
    ...document.projections.map(({ name }) => ({ kind: 'projection', owner: name }) as const),
  ];
  return all.flatMap(({ kind, owner }): ControlTarget[] => {
    if (owners && !owners.includes(owner)) return [];
    const now = paramsOf(document, kind, owner);
    if (!Object.hasOwn(now, parameter)) return [];
    const value: Quantity | undefined = paramsOf(base, kind, owner)[parameter] ?? now[parameter];
    return value === undefined ? [] : [{ kind, owner, name: parameter, base: value }];
  });
}

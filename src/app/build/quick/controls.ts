/**
 * The two or three things that matter most in a network, found from its document: what excitation and inhibition weigh,
 * and what drives it. All of them are parameters that change while the network runs. Pure functions; the sliders are in
 * QuickControls.tsx.
 */
import type { NetworkDocument, ProjectionDocument, Quantity } from '../../../index.ts';
import { splitQuantity } from '../edits/quantity-text.ts';
import { paramsOf } from '../edits/set.ts';
import { additionsOf, type Sign, signOfProjection } from '../signs.ts';
import { knownControls } from './known.ts';

/** A parameter of an owner, or the weight of an input. */
export interface ControlTarget {
  readonly kind: 'network' | 'population' | 'projection' | 'input';
  readonly owner: string;
  readonly name: string;
  /** Where the slider stands at 1. */
  readonly base: Quantity;
}

export interface QuickControl {
  readonly id: 'excitation' | 'inhibition' | 'drive' | 'coupling' | 'noise';
  readonly title: string;
  readonly targets: readonly ControlTarget[];
  /** A factor on all of them, or the value of the only one in its unit. */
  readonly range:
    | { readonly kind: 'factor'; readonly least?: number; readonly most: number }
    | {
        readonly kind: 'value';
        readonly low: number;
        readonly high: number;
        readonly unit: string;
      };
}

/** How far factors go. */
export const MOST_FACTOR = 3;

/** The value that a target has now; undefined where it is gone. */
export function valueNow(document: NetworkDocument, target: ControlTarget): Quantity | undefined {
  const { kind, owner, name } = target;
  if (kind === 'input') return document.inputs.find((one) => one.name === owner)?.weight;
  const params = paramsOf(document, kind, owner);
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

/** At most three controls, in the order in which to show them. `base` is the document at factor 1. */
export function controlsOf(
  document: NetworkDocument,
  base: NetworkDocument,
): readonly QuickControl[] {
  const known = knownControls(document, base);
  const found = [...weightControls(document, base), ...driveControls(document, base)];
  const all = [...known, ...found.filter(({ id }) => !known.some((one) => one.id === id))];
  return all.slice(0, 3);
}

// ---- weights ----

/** Names that scale time or probability, not strength. */
const NO_WEIGHT = /^(tau|t_|dt$|delay|u_|U$|v_|e_rev|E_)/;

/** Parameters that an amount is proportional to, projection's own first. */
function weightsIn(
  document: NetworkDocument,
  base: NetworkDocument,
  projection: ProjectionDocument,
): readonly ControlTarget[] {
  const found: ControlTarget[] = [];
  for (const { amount } of additionsOf(projection.onPre)) {
    // A product: in a sum or an exponent a factor would mean something else.
    if (!/^-?[\w\s.*/]+$/.test(amount)) continue;
    for (const part of amount.replace(/\/\s*[\w.]+/g, '').split('*')) {
      const name = part.trim().replace(/^-\s*/, '');
      if (NO_WEIGHT.test(name)) continue;
      const target = targetNamed(document, base, projection, name);
      if (target) found.push(target);
    }
  }
  return found;
}

function targetNamed(
  document: NetworkDocument,
  base: NetworkDocument,
  projection: ProjectionDocument,
  name: string,
): ControlTarget | null {
  for (const [kind, owner] of [
    ['projection', projection.name],
    ['network', ''],
  ] as const) {
    const now = paramsOf(document, kind, owner);
    if (!Object.hasOwn(now, name)) continue;
    const value = paramsOf(base, kind, owner)[name] ?? now[name];
    if (value === undefined || !splitQuantity(value)) return null;
    return { kind, owner, name, base: value };
  }
  return null;
}

const keyOf = ({ kind, owner, name }: ControlTarget): string => `${kind} ${owner} ${name}`;

function weightControls(document: NetworkDocument, base: NetworkDocument): readonly QuickControl[] {
  const bySign: Record<Sign, Map<string, ControlTarget>> = {
    excitatory: new Map(),
    inhibitory: new Map(),
  };
  for (const projection of document.projections) {
    const sign = signOfProjection(base, baseOf(base, projection));
    if (sign === null) continue;
    for (const target of weightsIn(document, base, projection)) {
      bySign[sign].set(keyOf(target), target);
    }
  }
  const { excitatory, inhibitory } = bySign;
  // "J" and "g*J": what both have is the coupling of all, the rest is inhibition.
  const shared = [...excitatory.keys()].filter((key) => inhibitory.has(key));
  const isCoupling = shared.length > 0;
  for (const key of shared) inhibitory.delete(key);
  const control = (
    id: QuickControl['id'],
    title: string,
    targets: ReadonlyMap<string, ControlTarget>,
  ): QuickControl[] => {
    const all = [...targets.values()].filter(isNotZero);
    return all.length === 0
      ? []
      : [{ id, title, targets: all, range: { kind: 'factor', most: MOST_FACTOR } }];
  };
  return [
    ...control(
      isCoupling ? 'coupling' : 'excitation',
      isCoupling ? 'Coupling' : 'Excitation',
      excitatory,
    ),
    ...control('inhibition', 'Inhibition', inhibitory),
  ];
}

/** The projection as it was: a weight of 0 has no sign any more. */
const baseOf = (base: NetworkDocument, projection: ProjectionDocument): ProjectionDocument =>
  base.projections.find(({ name }) => name === projection.name) ?? projection;

const isNotZero = ({ base }: ControlTarget): boolean => (splitQuantity(base)?.number ?? 0) !== 0;

// ---- drive ----

function driveControls(document: NetworkDocument, base: NetworkDocument): readonly QuickControl[] {
  const factor = (targets: readonly ControlTarget[]): QuickControl[] => {
    const all = targets.filter(isNotZero);
    return all.length === 0
      ? []
      : [
          {
            id: 'drive',
            title: 'Drive',
            targets: all,
            range: { kind: 'factor', most: MOST_FACTOR },
          },
        ];
  };
  const inputs = factor(inputTargets(document, base));
  if (inputs.length > 0) return inputs;
  const rates = factor(rateTargets(document, base));
  if (rates.length > 0) return rates;
  return currentControl(document, base);
}

/** Weights of inputs, or the parameters that these are. */
function inputTargets(document: NetworkDocument, base: NetworkDocument): readonly ControlTarget[] {
  const weights = new Set(
    document.projections.flatMap((one) => weightsIn(document, base, one).map(keyOf)),
  );
  const found = new Map<string, ControlTarget>();
  for (const { name, weight } of document.inputs) {
    if (splitQuantity(weight)) {
      const opened = base.inputs.find((one) => one.name === name)?.weight ?? weight;
      found.set(name, { kind: 'input', owner: name, name: 'weight', base: opened });
    } else if (Object.hasOwn(document.params, weight)) {
      const opened = base.params[weight] ?? (document.params[weight] as Quantity);
      const target = { kind: 'network', owner: '', name: weight, base: opened } as const;
      if (!weights.has(keyOf(target))) found.set(weight, target);
    }
  }
  return [...found.values()];
}

/** Rates of Poisson populations that excite others. */
function rateTargets(document: NetworkDocument, base: NetworkDocument): readonly ControlTarget[] {
  return document.populations.flatMap((part): ControlTarget[] => {
    if (part.kind !== 'neurons' || !/rand\(\)\s*<\s*rate\s*\*\s*dt/.test(part.threshold ?? ''))
      return [];
    const rate = paramsOf(base, 'population', part.name).rate ?? part.params.rate;
    return rate === undefined
      ? []
      : [{ kind: 'population', owner: part.name, name: 'rate', base: rate }];
  });
}

/** A constant current, or a resting potential above the threshold, of the largest population that has one. */
function currentControl(document: NetworkDocument, base: NetworkDocument): readonly QuickControl[] {
  const neurons = document.populations
    .flatMap((part) => (part.kind === 'neurons' ? [part] : []))
    .sort((a, b) => b.size - a.size);
  for (const { name: owner } of neurons) {
    const params = paramsOf(base, 'population', owner);
    const name = ['i_offset', 'i_ext', 'i_dc', 'I_ext', 'I_e'].find((one) =>
      Object.hasOwn(params, one),
    );
    const value = name === undefined ? undefined : params[name];
    const parts = value === undefined ? null : splitQuantity(value);
    if (name !== undefined && parts && parts.unit !== '') {
      const rheobase = rheobaseOf(params, parts.unit);
      const size = rheobase ?? (Math.abs(parts.number) || (CURRENTS[parts.unit] ?? 1));
      return [
        valueControl(
          'drive',
          'Drive',
          { kind: 'population', owner, name, base: value as Quantity },
          [parts.number - size, parts.number + 2 * size, parts.unit],
        ),
      ];
    }
    const [rest, threshold] = [
      splitQuantity(params.v_rest ?? ''),
      splitQuantity(params.v_thresh ?? ''),
    ];
    if (rest && threshold && rest.unit === threshold.unit && rest.unit === 'mV') {
      const reach = Math.max(10, Math.abs(rest.number - threshold.number));
      return [
        valueControl(
          'drive',
          'Drive',
          { kind: 'population', owner, name: 'v_rest', base: params.v_rest as Quantity },
          [threshold.number - reach, threshold.number + reach, 'mV'],
        ),
      ];
    }
  }
  return [];
}

const CURRENTS: Readonly<Record<string, number>> = { pA: 200, nA: 0.5, uA: 10 };

/** Current that brings the resting neuron to its threshold, pA; null where that cannot be told. */
function rheobaseOf(params: Readonly<Record<string, Quantity>>, unit: string): number | null {
  const inUnit = (name: string, wanted: string): number | null => {
    const parts = splitQuantity(params[name] ?? '');
    return parts && parts.unit === wanted ? parts.number : null;
  };
  const [c, tau, rest, threshold] = [
    inUnit('c_m', 'pF'),
    inUnit('tau_m', 'ms'),
    inUnit('v_rest', 'mV'),
    inUnit('v_thresh', 'mV'),
  ];
  if (unit !== 'pA' || c === null || tau === null || rest === null || threshold === null)
    return null;
  const current = (c / tau) * (threshold - rest);
  return current > 0 ? Number(current.toPrecision(2)) : null;
}

/** A control of one value in its unit. */
export const valueControl = (
  id: QuickControl['id'],
  title: string,
  target: ControlTarget,
  [low, high, unit]: readonly [number, number, string],
): QuickControl => ({ id, title, targets: [target], range: { kind: 'value', low, high, unit } });

/**
 * The level at which a variable makes a spike, for a line in its plot: from conditions such as "v > v_thresh" or
 * "v >= 30*mV", where the level is a number or a parameter that all neurons share. Reads plain quantities only; the
 * language itself is not here.
 */
import type { NetworkDocument, PopulationDocument } from '../../../index.ts';

export interface Threshold {
  readonly variable: string;
  /** In the unit that was asked for; null where it differs between neurons or is not a plain quantity. */
  readonly level: number | null;
}

/** null where a population does not spike by a variable that rises. */
export function thresholdOf(
  document: NetworkDocument,
  population: PopulationDocument,
  unitOf: (variable: string) => string,
): Threshold | null {
  if (population.kind !== 'neurons' || population.threshold === undefined) return null;
  const match = /^\s*\(?\s*([A-Za-z_]\w*)\s*>=?\s*(.+?)\s*$/.exec(population.threshold);
  if (!match) return null;
  const [, variable = '', rest = ''] = match;
  // "v > v_thresh and not_refractory": the first condition is the level.
  const text = rest.split(/\s+(?:and|or)\s+/)[0] ?? rest;
  return {
    variable,
    level: levelOf(document, population, text.replace(/\)$/, ''), unitOf(variable)),
  };
}

function levelOf(
  document: NetworkDocument,
  population: PopulationDocument,
  text: string,
  unit: string,
): number | null {
  const plain = inUnit(text, unit);
  if (plain !== null) return plain;
  if (!/^[A-Za-z_]\w*$/.test(text)) return null;
  const own = population.kind === 'neurons' ? (population.params?.[text] ?? undefined) : undefined;
  const value = own ?? document.params[text];
  return value === undefined ? null : inUnit(String(value), unit);
}

const PREFIXES: Readonly<Record<string, number>> = {
  '': 1,
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};
const NAMES: Readonly<Record<string, string>> = { volt: 'V', amp: 'A', siemens: 'S', second: 's' };

/** A quantity such as "-50 mV", "30*mV" or "1" as a number of `unit`; null when it is none or of another dimension. */
export function inUnit(text: string, unit: string): number | null {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*\*?\s*([A-Za-zµ]*)\s*$/i.exec(text);
  if (!match) return null;
  const value = Number(match[1]);
  const from = readUnit(match[2] ?? '');
  const to = readUnit(unit);
  if (!from || !to || from.base !== to.base) return null;
  // Ratios of prefixes are powers of ten: no dust behind the comma.
  return Number(((value * from.factor) / to.factor).toPrecision(12));
}

function readUnit(text: string): { base: string; factor: number } | null {
  if (text === '') return { base: '', factor: 1 };
  const name = NAMES[text];
  if (name) return { base: name, factor: 1 };
  const match = /^([fpnuµmkMG]?)(V|A|S|F|s|Hz|M)$/.exec(text);
  if (!match) return null;
  return { base: match[2] as string, factor: PREFIXES[match[1] as string] as number };
}

/**
 * What equations declare, read line by line for menus and defaults: names, units, flags. Not the parser: the workers
 * have that; a line that this does not understand is left out here and judged there.
 */
import type { NetworkDocument, Quantity } from '../../index.ts';

export interface Declared {
  readonly name: string;
  /** As written: "volt", "siemens", "1". */
  readonly unit: string;
  /** dx/dt = …; x : …; x = … : … */
  readonly kind: 'differential' | 'plain' | 'computed';
  readonly flags: readonly string[];
}

const LINE =
  /^\s*(?:d(\w+)\/dt\s*=.*|(\w+)\s*=.*|(\w+)\s*):\s*([^(:#]+?)\s*(?:\(([^)]*)\))?\s*(?:\(([^)]*)\))?\s*(#.*)?$/;

export function declaredIn(eqs: string): readonly Declared[] {
  const found: Declared[] = [];
  for (const line of eqs.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, differential, computed, plain, unit = '1', flags = ''] = match;
    found.push({
      name: (differential ?? computed ?? plain) as string,
      unit,
      kind: differential ? 'differential' : computed ? 'computed' : 'plain',
      flags: flags.split(',').map((flag) => flag.trim()),
    });
  }
  return found;
}

/** Equations of a population or field; '' of a spike list and of what does not exist. */
export function equationsOf(document: NetworkDocument, owner: string): string {
  const population = document.populations.find(({ name }) => name === owner);
  if (population) return population.kind === 'neurons' ? population.eqs : '';
  return document.fields?.find(({ name }) => name === owner)?.eqs ?? '';
}

/** Variables that spikes may add to, the likeliest first: currents and conductances of synapses, then the potential. */
export function receivers(document: NetworkDocument, owner: string): readonly Declared[] {
  const rank = ({ name }: Declared): number =>
    /^y_/.test(name)
      ? 0
      : /exc|inh|syn|ampa|nmda|gaba/i.test(name)
        ? 1
        : /^[gi]/i.test(name)
          ? 2
          : name === 'v'
            ? 3
            : 4;
  return declaredIn(equationsOf(document, owner))
    .filter(
      ({ kind, flags }) =>
        kind !== 'computed' && !flags.some((flag) => /constant|linked/.test(flag)),
    )
    .map((one, k) => ({ one, k }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.k - b.k)
    .map(({ one }) => one);
}

/** A weight that is felt and does not overwhelm, for a variable in that unit. */
export function usualWeight(unit: string, isInhibitory: boolean): Quantity {
  const sign = isInhibitory ? '-' : '';
  if (unit === 'siemens') return isInhibitory ? '10 nS' : '2 nS';
  if (unit === 'amp') return `${sign}100 pA`;
  if (unit === 'volt') return `${sign}0.5 mV`;
  if (unit === 'integer') return isInhibitory ? -64 : 64;
  if (unit === '1') return isInhibitory ? -0.1 : 0.1;
  return `${sign}1 ${unit}`;
}

/** "nS" for "siemens": the unit that people read; others as they are. */
export const shortUnit = (unit: string): string =>
  ({ volt: 'mV', amp: 'pA', siemens: 'nS', second: 'ms', farad: 'pF', '1': '', Hz: 'Hz' })[unit] ??
  unit;

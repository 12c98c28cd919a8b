/**
 * How fast equations change by themselves at their first values: the time constants that a time step must be short
 * against. Advice for people only; nothing is computed from it.
 */
import { derivative } from '../language/algebra.ts';
import type { SymbolReference } from '../language/ast.ts';
import { compileHost, type HostEnvironment } from '../language/host.ts';
import { systemOf } from '../language/system.ts';
import { type Context, tableAtStart } from './context.ts';
import { type PopulationPart, populationParameters } from './populations.ts';
import { valueAt } from './values.ts';

/** x decays towards where it is drawn as exp(-t/tau) while all else stays as it is. */
export interface TimeConstant {
  readonly variable: string;
  readonly ms: number;
}

/** Neurons that are looked at: first values may differ. */
const SAMPLES = 5;

/** The shortest time constant among the equations of a population or field that advance in every step, or null. */
export function fastestOf(context: Context, part: PopulationPart): TimeConstant | null {
  if (part.model === null) return null;
  let fastest: TimeConstant | null = null;
  for (const { name, drift } of systemOf(part.model, new Map())) {
    const slope = compileHost(derivative(drift, name));
    for (let k = 0; k < SAMPLES; k++) {
      const neuron = Math.floor((k * (part.document.size - 1)) / (SAMPLES - 1));
      const ms = -1 / slopeAt(slope, environmentOf(context, part, neuron));
      if (ms > 0 && Number.isFinite(ms) && ms < (fastest?.ms ?? Number.POSITIVE_INFINITY)) {
        fastest = { variable: name, ms };
      }
    }
  }
  return fastest;
}

/** NaN where it depends on what is only known while the network runs. */
function slopeAt(slope: (environment: HostEnvironment) => number, at: HostEnvironment): number {
  try {
    return slope(at);
  } catch (error) {
    if (error === UNKNOWN) return Number.NaN;
    throw error;
  }
}

const UNKNOWN = new Error('known only while it runs');

function environmentOf(context: Context, part: PopulationPart, neuron: number): HostEnvironment {
  const parameters = populationParameters(context, part);
  const special: Readonly<Record<string, number>> = {
    t: 0,
    t_in_timesteps: 0,
    dt: context.dtMs,
    i: neuron,
    N: part.document.size,
    not_refractory: 1,
    lastspike: -1e7,
  };
  return {
    symbol({ role, name }: SymbolReference): number {
      const value =
        role === 'parameter'
          ? parameters[name]
          : role === 'variable'
            ? valueAt(part.initial.get(name) ?? 0, neuron)
            : role === 'special'
              ? (special[name] ?? parameters[name])
              : undefined;
      if (value === undefined) throw UNKNOWN;
      return value;
    },
    uniform: () => 0.5,
    normal: () => 0,
    table: (name, column) => tableAtStart(context, name, column),
    cache: new Map(),
  };
}

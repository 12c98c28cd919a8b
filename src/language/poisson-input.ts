/**
 * Poisson inputs as lowering sees them, and the tables from which engines draw how many sources of a neuron spike in a step.
 */
import { NetworkError } from '../errors.ts';
import type { TypedExpression } from './ast.ts';
import { binomialThresholds } from './binomial.ts';
import { parameterOf } from './host.ts';

/** A Poisson input of the population: n sources per neuron, each adding `weight` to `variable`. */
export interface PoissonInputSpec {
  readonly name: string;
  readonly variable: string;
  readonly n: number;
  /** Name of the rate among the parameters, in 1/ms. */
  readonly rateParameter: string;
  /** Host-known amount. */
  readonly weight: TypedExpression;
  /** Neurons from … to-1 only; default all. */
  readonly from?: number;
  readonly to?: number;
}

/** Thresholds of one binomial table as a function of the parameters (internal units). */
export interface BinomialTable {
  readonly name: string;
  thresholds(parameters: Readonly<Record<string, number>>): Uint32Array;
}

/** The table of an input, which depends on its rate. */
export function binomialTable(input: PoissonInputSpec, dtMs: number): BinomialTable {
  return {
    name: input.name,
    thresholds(parameters) {
      const p = parameterOf(parameters, input.rateParameter) * dtMs;
      if (!(p >= 0 && p <= 1)) {
        throw new NetworkError(
          `Poisson input "${input.name}": rate * dt must be between 0 and 1, got ${p}. Use a smaller dt or more sources of a lower rate.`,
          { value: p },
        );
      }
      return binomialThresholds(input.n, p);
    },
  };
}

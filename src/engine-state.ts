/**
 * State and parameters of a network in its engine, by the names of the network: reading, writing, changing between two
 * batches of steps. Single simulations and many at once use it alike; turns are taken by whoever calls.
 */
import type { Engine, EngineBuffer } from './engine.ts';
import { NetworkError } from './errors.ts';
import { type Dimension, describeDimension, parseUnit, sameDimension } from './language/units.ts';
import { checkName } from './network/fields.ts';
import type { CompiledNetwork, VariableCell } from './plan/compile.ts';
import type { ParameterChange } from './plan/live-changes.ts';
import { unknownName } from './recording/recordings.ts';

/** Where the values of a variable are. */
export interface Place {
  readonly buffer: EngineBuffer;
  readonly cell: VariableCell;
}

interface StoredPlace {
  readonly population: string;
  readonly variable: string;
  readonly cell: VariableCell;
}

/** One network of an engine's plan. */
export class EngineState {
  readonly compiled: CompiledNetwork;
  readonly #engine: () => Engine;
  /** Whether variables of synapses have been written, or may have been. */
  hasWrittenSynapses = false;

  /** `engine` gives the engine, or throws when there is none any more. */
  constructor(compiled: CompiledNetwork, engine: () => Engine) {
    this.compiled = compiled;
    this.#engine = engine;
  }

  /** Where a variable lives, in the state of a population or field or in the synapses of a projection. */
  place(owner: string, variable: string): Place {
    const { compiled } = this;
    const { populations, fields = [], projections } = compiled.document;
    const isPopulation = [...populations, ...fields].some(({ name }) => name === owner);
    const isProjection = projections.some(({ name }) => name === owner);
    if (!isPopulation && !isProjection) {
      const known = [...populations, ...fields, ...projections];
      throw unknownName('population, field or projection', owner, known);
    }
    const cell = isPopulation
      ? compiled.cellOf(owner, variable)
      : compiled.synapseCellOf(owner, variable);
    return { buffer: cell.buffer, cell };
  }

  /** Values in internal units, in the order in which they are stored. */
  async read({ buffer, cell }: Place): Promise<Float64Array> {
    const stored = await this.#engine().read(buffer, cell.first, cell.count, cell.type);
    return stored.map((value) => value * cell.factor + cell.offset);
  }

  /** Writes values in internal units, when the last step is over. */
  async write({ buffer, cell }: Place, values: Float64Array): Promise<void> {
    const stored = values.map((value) => (value - cell.offset) / cell.factor);
    await this.#finishStep();
    if (buffer === 'synapseState') this.hasWrittenSynapses = true;
    await this.#engine().write(buffer, cell.first, stored, cell.type);
  }

  /** Makes a change of parameters of `owner`, "" for those of the network, that `change` computes. */
  async changeParameters(owner: string, change: () => ParameterChange): Promise<void> {
    const { compiled } = this;
    const variables = this.#storedVariables(owner);
    const before = variables.map(({ cell }) => cell.offset);
    const { first, values } = change();
    await this.#finishStep();
    await this.#engine().write('constants', first, values);
    // Some variables are stored relative to a constant that parameters give; the state itself must not move.
    for (const [index, { population, variable, cell }] of variables.entries()) {
      const shift = (before[index] as number) - compiled.cellOf(population, variable).offset;
      if (shift === 0) continue;
      const stored = await this.#engine().read('state', cell.first, cell.count, cell.type);
      const moved = stored.map((value) => value + shift);
      await this.#engine().write('state', cell.first, moved, cell.type);
    }
  }

  /**
   * Resets of the last step belong to it, with the parameters that it had; engines put them off until the next step or
   * until somebody reads state.
   */
  async #finishStep(): Promise<void> {
    if (this.compiled.plan.state.length > 0) await this.#engine().read('state', 0, 1);
  }

  /** Stored variables of the populations that a parameter of `owner` can reach. */
  #storedVariables(owner: string): StoredPlace[] {
    const { compiled } = this;
    return compiled.populations.flatMap(({ name, lowered }) => {
      if (lowered === null || (owner !== '' && owner !== name)) return [];
      return lowered.variables.map((variable) => ({
        population: name,
        variable: variable.name,
        cell: compiled.cellOf(name, variable.name),
      }));
    });
  }
}

/** Internal units per `unit`, which must measure what the variable is. */
export function unitFactor(
  unit: string,
  dimension: Dimension,
  owner: string,
  variable: string,
): number {
  checkName(unit, 'get: unit');
  const found = parseUnit(unit);
  if (sameDimension(found.dimension, dimension)) return found.factor;
  throw new NetworkError(
    `get: ${owner}.${variable} is in ${describeDimension(dimension)}, which "${unit}" (${describeDimension(found.dimension)}) does not measure.`,
    { path: `${owner}.${variable}`, value: unit },
  );
}

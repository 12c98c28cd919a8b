/**
 * The moment of a run as plain data, to go on from in another simulation of the same network: in another worker, after a
 * device was lost, on the other engine. Says what belongs to it and refuses what does not fit; engines fill it.
 */
import type { InterventionMark } from './interventions.ts';
import { describeValue, isPlainObject } from './language/argument.ts';
import type { CompiledNetwork, LiveChanges } from './plan/compile.ts';
import { checkPlanState, type PlanState } from './plan/plan-state.ts';
import type { SavedSpikes } from './recording/spikes.ts';

const KIND = 'wetware checkpoint';

/**
 * Plain data that may be sent to other threads and stored (it can be cloned as postMessage does; it is no JSON). Opaque
 * but for the step; it may be large, as all state of neurons is in it, and of synapses where it changes.
 */
export interface PortableCheckpoint {
  readonly kind: typeof KIND;
  /** Steps done. */
  readonly step: number;
  /** Equal for simulations that can go on from it: see identityOf. */
  readonly network: string;
  /** To say how another network differs. */
  readonly about: NetworkFacts;
  readonly state: PlanState;
  readonly changes: LiveChanges;
  readonly interventions: InterventionMark;
  readonly spikes: SavedSpikes;
}

interface NetworkFacts {
  readonly precision: string;
  readonly dtMs: number;
  readonly seed: number;
  readonly neurons: number;
  readonly synapses: number;
}

/** What a checkpoint says of the network that it is of. */
export function ofNetwork({
  plan,
  identity,
}: CompiledNetwork): Pick<PortableCheckpoint, 'kind' | 'network' | 'about'> {
  const { precision, dtMs, seed, neuronCount: neurons, synapseCount: synapses } = plan;
  return { kind: KIND, network: identity, about: { precision, dtMs, seed, neurons, synapses } };
}

/** Throws RangeError for what is no checkpoint, or one of another network. */
export function checkPortable(given: PortableCheckpoint, compiled: CompiledNetwork): void {
  if (!isPlainObject(given) || given.kind !== KIND) {
    throw new RangeError(
      `resume: the checkpoint must be what exportCheckpoint gave, got ${describeValue(given)}.`,
    );
  }
  const own = ofNetwork(compiled);
  if (given.network !== own.network) {
    const facts = isPlainObject(given.about) ? given.about : own.about;
    const differences = Object.entries(own.about)
      .filter(([name, value]) => facts[name as keyof NetworkFacts] !== value)
      .map(([name, value]) => {
        const other = describeValue(facts[name as keyof NetworkFacts]);
        return `${NAMES[name as keyof NetworkFacts]} is ${other} there and ${describeValue(value)} here`;
      });
    const what =
      differences.length > 0
        ? differences.join(', ')
        : 'equations, connections, delays or the way synapses exist differ';
    throw new RangeError(
      `resume: this checkpoint is of another network: ${what}. Create the simulation from the document, and with the ` +
        'options, of the one that made it.',
    );
  }
  const { step, state, changes, interventions, spikes } = given;
  const isComplete =
    isPlainObject(state) &&
    isPlainObject(changes) &&
    isPlainObject(spikes) &&
    interventions instanceof Map &&
    state.step === step;
  if (!isComplete) throw new RangeError('resume: the checkpoint is damaged.');
  checkPlanState(compiled.plan, state);
}

const NAMES: Readonly<Record<keyof NetworkFacts, string>> = {
  precision: 'precision',
  dtMs: 'the time step in ms',
  seed: 'the seed',
  neurons: 'the number of neurons',
  synapses: 'the number of synapses',
};

/** Whether code of the network changes variables of its synapses. */
export const changesSynapses = ({ plan }: CompiledNetwork): boolean =>
  [...plan.deliver, ...plan.clocked].some(({ synapseVariables }) =>
    synapseVariables.some(({ written }) => written),
  );

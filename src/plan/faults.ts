/**
 * What went wrong while a plan ran, in the user's words: both engines find the place, this file says it.
 */
import { NetworkError } from '../errors.ts';
import type { ClockedKernel, Plan } from './plan.ts';

function placeOf(plan: Plan, step: number, neuron: number) {
  const population = plan.populations.find((p) => p.first <= neuron && neuron < p.first + p.count);
  const field = plan.fields.find(
    ({ globalFirst, count }) => globalFirst <= neuron && neuron < globalFirst + count,
  );
  const name = population?.name ?? field?.name ?? '?';
  const kind = field === undefined ? 'population' : 'field';
  return {
    where: `${kind === 'field' ? 'Field' : 'Population'} "${name}"`,
    path: `${kind} "${name}"`,
    element: kind === 'field' ? 'voxel' : 'neuron',
    index: neuron - (population?.first ?? field?.globalFirst ?? 0),
    when: whenOf(plan, step),
  };
}

const whenOf = ({ dtMs }: Pick<Plan, 'dtMs'>, step: number): string =>
  `at step ${step} (t = ${Number((step * dtMs).toPrecision(10))} ms)`;

/** A state variable became NaN or infinite. `neuron` is a global number, of a neuron or a voxel. */
export function notFiniteError(
  plan: Plan,
  step: number,
  neuron: number,
  variable: string,
): NetworkError {
  const { where, path, element, index, when } = placeOf(plan, step, neuron);
  return new NetworkError(
    `${where}: ${variable} of ${element} ${index} is not a finite number any more ${when}. ` +
      'Usual causes: a time step too large for the equations, a division by zero, an exponential that runs away.',
    { path, value: { fault: 'not-finite', variable, neuron: index, step } },
  );
}

/** A clock-driven variable of a synapse became NaN or infinite; null where it is not known of which. */
export function synapseNotFiniteError(
  plan: Pick<Plan, 'dtMs'>,
  step: number,
  {
    kernel,
    synapse,
    variable,
  }: {
    readonly kernel: ClockedKernel;
    readonly synapse: number | null;
    readonly variable: string;
  },
): NetworkError {
  const { name } = kernel.projection;
  return new NetworkError(
    `Projection "${name}": ${variable} of ${synapse === null ? 'a synapse' : `synapse ${synapse}`} is not a finite number any more ${whenOf(plan, step)}. ` +
      'Usual causes: a time step too large for the equations, a division by zero, an exponential that runs away.',
    { path: `projection "${name}"`, value: { fault: 'not-finite', variable, synapse, step } },
  );
}

/** One synaptic amount was beyond what the fixed-point input of a variable can hold. `neuron` as above. */
export function overflowError(
  plan: Plan,
  step: number,
  neuron: number,
  variable: string,
): NetworkError {
  const { where, path, element, index, when } = placeOf(plan, step, neuron);
  return new NetworkError(
    `${where}: one synapse added more to ${variable} of ${element} ${index} ${when} than its accumulator can hold. ` +
      'Give the projection a "bound": the largest amount that one spike may add.',
    { path, value: { fault: 'overflow', variable, neuron: index, step } },
  );
}

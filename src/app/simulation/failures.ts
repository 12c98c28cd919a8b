/** Why a network could not be built or stopped running, as data that the page can show. Explains; repairs nothing. */
import { DeviceError, NetworkError, type Simulation } from '../../index.ts';
import { failureOf } from '../state/failure.ts';
import type { Failure, PortableCheckpoint, ValueFault } from './protocol.ts';

/** What to know of the run that failed. */
export interface FailedRun {
  readonly simulation: Simulation;
  readonly checkpoint: PortableCheckpoint | null;
}

/** A failure while the network ran. */
export function runFailure(error: unknown, { simulation, checkpoint }: FailedRun): Failure {
  const fault = error instanceof NetworkError ? faultOf(error, simulation) : null;
  const failure = failureOf(error);
  return {
    ...failure,
    ...(fault !== null && { reason: 'values', fault }),
    step: fault?.step ?? stepOf(simulation),
    checkpoint: failure.reason === 'lost' ? checkpoint : null,
  };
}

/** A network that was destroyed by its failure has no step any more. */
function stepOf(simulation: Simulation): number {
  try {
    return simulation.step;
  } catch {
    return 0;
  }
}

/** The variable that is no number any more, or overflowed, with its equation. */
function faultOf({ value, path }: NetworkError, simulation: Simulation): ValueFault | null {
  if (typeof value !== 'object' || value === null) return null;
  const { variable, step, fault, neuron, synapse } = value as Record<string, unknown>;
  if (typeof variable !== 'string' || typeof step !== 'number') return null;
  const [, kind = '', owner = ''] = /^(\w+) "(.*)"$/.exec(path) ?? [];
  const element = kind === 'projection' ? synapse : neuron;
  const layout = simulation.populations.find(({ name }) => name === owner);
  const known = owner === '' ? [] : simulation.variables(owner);
  const declared = known.find(({ name }) => name === variable);
  const base = {
    kind: fault === 'overflow' ? ('overflow' as const) : ('not-finite' as const),
    owner,
    ownerKind: kind as ValueFault['ownerKind'],
    variable,
    element: typeof element === 'number' ? element : null,
    step,
    timeMs: step * simulation.dtMs,
    method: layout?.method ?? null,
    equation: declared?.text ?? '',
    line: declared?.line ?? 0,
  };
  return { ...base, advice: adviceFor(base, simulation.dtMs) };
}

/** Integrators that are stable however stiff the equations are, where they apply. */
const STABLE = ['exact', 'exponential_euler', 'exponential_rosenbrock', 'implicit'];

function adviceFor(
  {
    kind,
    method,
    variable,
    equation,
  }: Pick<ValueFault, 'kind' | 'method' | 'variable' | 'equation'>,
  dtMs: number,
): string[] {
  if (kind === 'overflow') {
    return [
      'Give the projection a "bound": the largest amount that one spike may add.',
      'Check the unit of the weight: a factor of a thousand is the usual reason.',
    ];
  }
  const smaller = `${Number((dtMs / 2).toPrecision(3))} ms`;
  const advice = [`Take a smaller time step: dt = ${smaller} instead of ${dtMs} ms.`];
  if (method !== null && !STABLE.some((one) => method.startsWith(one))) {
    advice.push(
      `Take another integrator: method "auto" chooses from the equations; ${method} is not stable for large steps.`,
    );
  }
  advice.push(
    /exp\(|\*\*/.test(equation)
      ? `Bound what runs away in ${variable}: clip(…) inside exp() or **, or a lower threshold.`
      : `Look for a division by zero, or a weight so large that ${variable} jumps out of its range.`,
  );
  return advice;
}

/**
 * A failure to build. What the browser refuses by itself (a list that is too long, memory that it does not give) comes as
 * a RangeError without numbers; `bytes` is what the network was estimated to take.
 */
export function buildError(error: unknown, bytes: number): unknown {
  const isMemory =
    error instanceof RangeError &&
    /allocation|array length|array buffer|memory|too large/i.test(error.message);
  if (!isMemory) return error;
  return new DeviceError(
    `This browser does not give the memory that the network needs${bytes > 0 ? `, about ${megabytes(bytes)}` : ''}.`,
    { reason: 'memory', limit: 'memory of the page', needed: bytes, available: 0 },
  );
}

const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

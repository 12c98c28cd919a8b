/** What is said about an integrator and the time step, in sentences. Words only; what was found is in the library's check. */
import type { OwnerCheck, TimeConstant } from '../../index.ts';

type Choice = NonNullable<OwnerCheck['method']>;

/** "exponential_euler, because conditionally linear: …". */
export function methodSentence({ method, reason }: Choice): string {
  if (reason === 'as requested') return `${method}, as the model asks for`;
  if (method === 'exponential_euler') {
    const [, why = ''] = /^not exact \((.*)\), but/s.exec(reason) ?? [];
    const rest = why === '' ? '' : `; exact does not apply: ${why}`;
    return `${method}, because conditionally linear: every equation is linear in its own variable${rest}`;
  }
  return `${method}, because ${reason}`;
}

/** Errors of these stay bounded whatever the time step. */
const ALWAYS_STABLE = /^exponential|^implicit|^exact/;

/** What the time step means for these equations; '' where nothing can be said. */
export function stepSentence(method: string, dtMs: number, fastest: TimeConstant | null): string {
  if (method === 'exact') {
    return `Any time step integrates these equations exactly; ${ms(dtMs)} is how finely spikes are timed.`;
  }
  if (fastest === null) return '';
  const found = `At its first values ${fastest.variable} is the fastest, with a time constant of ${ms(fastest.ms)}`;
  const tenth = roundDown(fastest.ms / 10);
  if (dtMs <= fastest.ms / 10) return `${found}: ${ms(dtMs)} is below a tenth of it, short enough.`;
  if (!ALWAYS_STABLE.test(method) && dtMs > 2 * fastest.ms) {
    return `${found}: ${method} is unstable at ${ms(dtMs)}. Take ${ms(Math.max(tenth, 0.01))}.`;
  }
  if (tenth < 0.02) {
    return `${found}. A tenth of it would be too short for 32-bit numbers; ${stable(method)} at ${ms(dtMs)}: compare with ${ms(Math.max(dtMs / 2, 0.02))}.`;
  }
  return `${found}. Spikes are timed well with a tenth of it, ${ms(tenth)}; ${stable(method)} at ${ms(dtMs)}.`;
}

const stable = (method: string): string =>
  ALWAYS_STABLE.test(method) ? `${method} stays stable` : `${method} is less exact`;

/** 1, 2 or 5 times a power of ten, not above. */
function roundDown(value: number): number {
  const tens = 10 ** Math.floor(Math.log10(value));
  const lead = value / tens;
  return Number(((lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * tens).toPrecision(1));
}

const ms = (value: number): string => `${Number(value.toPrecision(2))} ms`;

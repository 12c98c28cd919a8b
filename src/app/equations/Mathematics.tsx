/** The equations of a population, projection or field as mathematics, with the integrator and why it was chosen. */
import type { Selection } from '../state/app.ts';

export default function Mathematics(_: { owner: Selection }) {
  return null;
}

/**
 * The network that a first visit opens with, as its example builds it: written out, so that no code of examples and models
 * is waited for. `tests/unit/app/simulation/first-network.test.ts` holds it to the example, and writes it
 * (`UPDATE_FIRST_NETWORK=1`).
 */
import type { NetworkDocument } from '../../index.ts';
import written from './first-network.json';

export const firstNetwork: {
  /** Of the example. */
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly note: string;
  readonly document: NetworkDocument;
} = written as never;

/** Examples by name, for tests that run what the page and the command line run. */
import { type ExampleValues, examples } from '../../src/examples/index.ts';
import type { NetworkDocument } from '../../src/index.ts';

/** The document of an example with these values; fails for a name that there is not. */
export function buildExample(name: string, values: ExampleValues = {}): NetworkDocument {
  const example = examples[name];
  if (example === undefined) throw new Error(`there is no example ${name}`);
  return example.build(values);
}

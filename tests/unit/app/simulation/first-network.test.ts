/** The network of a first visit is its example, to the last character. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_EXAMPLE } from '../../../../src/app/state/url.ts';
import { examples } from '../../../../src/examples/index.ts';

const FILE = 'src/app/simulation/first-network.json';

it('is the default example as it is built', () => {
  const example = examples[DEFAULT_EXAMPLE];
  if (!example) throw new Error('The default example is missing.');
  const { name, title, citation, note } = example;
  const document = JSON.parse(JSON.stringify(example.build()));
  const written = { name, title, citation, note, document };
  if (process.env.UPDATE_FIRST_NETWORK === '1') {
    writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
  }
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(written);
});

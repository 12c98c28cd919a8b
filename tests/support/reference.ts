/**
 * The reference numbers and data of the project, which live beside the repository in ../shared and are not part of it.
 * Where that folder is absent the tests that need it are skipped, with a line that nobody can miss; where it is present
 * a missing file is a failure.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const isPresent = existsSync(shared);
if (!isPresent) {
  process.stderr.write(
    `\n!!! REFERENCE TESTS SKIPPED: there is no folder ${shared} with reference/ and data/\n\n`,
  );
}

/** The parsed file of that name in shared/reference, with the shape that the caller knows it has. */
export function reference<T>(name: string): T {
  return JSON.parse(readFileSync(`${shared}reference/${name}`, 'utf8')) as T;
}

/** Path of a file in shared/data, for what is to be dropped on a page. Throws where it is missing. */
export function dataPath(name: string): string {
  const path = `${shared}data/${name}`;
  if (!existsSync(path)) throw new Error(`The reference data ${path} is MISSING.`);
  return path;
}

/** A reader of text files in shared/data/<folder>, as data examples want it. */
export function dataReader(folder: string): (file: string) => Promise<string> {
  return (file) => readFile(`${shared}data/${folder}/${file}`, 'utf8');
}

/** A describe block that needs the reference folder; its body is not even called without. */
export function describeReference(title: string, body: () => void): void {
  if (isPresent) describe(title, body);
  else describe.skip(`${title} (no reference folder)`, () => undefined);
}

/** One case of biology.json: parameters and expected quantities, by name. */
export interface BiologyCase {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, { readonly value: number; readonly unit: string }>>;
  readonly expected: readonly {
    readonly quantity: string;
    readonly value: number | readonly number[];
    readonly at?: Readonly<Record<string, { readonly value: number; readonly unit: string }>>;
  }[];
}

/** The cases of one test (T1, T2, …) of biology.json. */
export function biologyCases(id: string): readonly BiologyCase[] {
  const { tests } = reference<{ tests: { id: string; cases: BiologyCase[] }[] }>('biology.json');
  const found = tests.find((test) => test.id === id);
  if (found === undefined) throw new Error(`biology.json has no test ${id}`);
  return found.cases;
}

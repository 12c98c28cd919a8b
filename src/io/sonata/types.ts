/** Tables of node and edge types: space-separated text with NULL for nothing, in memory as texts. */
import { readDelimited } from '../delimited.ts';
import { type FileSource, readFileOf } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';

/** Attributes of one type; those that are NULL are left out. */
export type TypeRow = Readonly<Record<string, string>>;

const MOST_TYPES = 1_000_000;

/** Types by their id. A missing file is an empty table. */
export async function readTypes(
  source: FileSource,
  file: string | null,
  kind: 'node' | 'edge',
): Promise<ReadonlyMap<number, TypeRow>> {
  const types = new Map<number, TypeRow>();
  if (file === null) return types;
  const idColumn = `${kind}_type_id`;
  let names: readonly string[] = [];
  await readDelimited(
    await readFileOf(source, file),
    { file, delimiter: ' ' },
    {
      header(columns) {
        names = columns;
        if (columns.includes(idColumn)) return;
        const found = columns.slice(0, 20).join(', ');
        throw unreadable({ file }, `no column "${idColumn}". Found: ${found}.`);
      },
      row(fields, row) {
        const entries = names.map((name, at) => [name, fields[at] ?? 'NULL'] as const);
        const values = Object.fromEntries(entries.filter(([, value]) => value !== 'NULL'));
        const id = Number(values[idColumn]);
        const place = { file, row, column: idColumn };
        if (!Number.isSafeInteger(id) || id < 0) throw unreadable(place, 'is no type id.');
        if (types.has(id)) throw unreadable(place, `type ${id} was there before.`);
        if (types.size >= MOST_TYPES) throw unreadable({ file }, `more than ${MOST_TYPES} types.`);
        types.set(id, values);
      },
    },
  );
  return types;
}

/**
 * Tables of neurons: one row per neuron, its id, perhaps more. Gives the order in which connection tables number
 * neurons, as the Completeness tables of FlyWire do. Ids stay text.
 */
import type { NetworkError } from '../errors.ts';
import { listNames } from '../language/messages.ts';
import { checkBytes, checkKnownOptions, checkOptionalText } from './arguments.ts';
import { readDelimited } from './delimited.ts';
import type { Entry } from './edge-builder.ts';
import { idOf } from './neuron-ids.ts';
import { isParquet } from './parquet-magic.ts';
import { unreadable } from './unreadable.ts';

export interface NeuronTableOptions {
  /** Name of the file, for messages; default "neurons". */
  readonly file?: string;
  /** Column of the ids; default: recognised. */
  readonly id?: string;
}

export interface NeuronTable {
  /** Id of neuron k. */
  readonly ids: readonly string[];
  /** Number of each id. */
  readonly numberOf: ReadonlyMap<string, number>;
  /** Which column the ids came from; "" for the unnamed first column that pandas writes. */
  readonly column: string;
}

const ID_COLUMNS = [
  'root_id',
  'flywire_root_id',
  'flywire_id',
  'pt_root_id',
  'bodyId',
  'skid',
  'neuron_id',
  'id',
];
/** Where there is no id, names will do. */
const NAME_COLUMNS = ['neuron', 'cell', 'name', 'label'];
/** Most rows; as many as there may be neurons with ids. */
const MOST_NEURONS = 2 ** 24;

/** Reads a neuron table: CSV, gzipped CSV or Parquet. Throws NetworkError for what is no such table. */
export async function readNeuronTable(
  bytes: Uint8Array,
  options: NeuronTableOptions = {},
): Promise<NeuronTable> {
  checkBytes(bytes, 'readNeuronTable: bytes');
  checkKnownOptions(options, 'readNeuronTable: options', ['file', 'id']);
  checkOptionalText(options.file, 'readNeuronTable: file');
  const { file = 'neurons' } = options;
  const collector = new Collector(file, options.id);
  if (isParquet(bytes)) {
    const { openParquet } = await import('./parquet-read.ts');
    const table = await openParquet(bytes, file);
    if (table.rows > MOST_NEURONS) throw tooMany(file);
    const names = collector.begin(table.columns);
    await table.read(names, (columns, firstRow, count) => {
      const [ids, indices] = names.map((name) => columns.get(name));
      for (let k = 0; k < count; k++) collector.add(ids?.[k], indices?.[k], firstRow + k);
    });
  } else {
    let places: readonly number[] = [];
    await readDelimited(
      bytes,
      { file },
      {
        header(names) {
          places = collector.begin(names).map((name) => names.indexOf(name));
        },
        row(fields, row) {
          const [id = 0, index] = places;
          collector.add(fields[id], index === undefined ? undefined : fields[index], row);
        },
      },
    );
  }
  return collector.finish();
}

class Collector {
  readonly #file: string;
  readonly #wanted: string | undefined;
  #column = '';
  readonly #ids: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(file: string, wanted: string | undefined) {
    this.#file = file;
    this.#wanted = wanted;
  }

  /** The columns to read: ids, and the index column if there is one. */
  begin(columns: readonly string[]): string[] {
    const found = this.#wanted ?? idColumn(columns);
    if (found === undefined || !columns.includes(found)) {
      const name = this.#wanted === undefined ? 'that looks like ids' : `"${this.#wanted}"`;
      throw unreadable(
        { file: this.#file },
        `no column ${name}. Found: ${listNames(columns.map((one) => one || '(unnamed)'))}.`,
        'Say which holds the ids: id.',
      );
    }
    this.#column = found;
    return columns.includes('index') && found !== 'index' ? [found, 'index'] : [found];
  }

  add(entry: Entry, index: Entry, row: number): void {
    const column = this.#column;
    const number = this.#ids.length;
    const place = { file: this.#file, row, column };
    const id = idOf(entry, place);
    if (this.#numbers.has(id)) {
      const first = (this.#numbers.get(id) as number) + 1;
      throw unreadable(place, `neuron ${id} was there before, as number ${first} from the top.`);
    }
    if (index !== undefined && Number(index) !== number) {
      const expected = `index ${String(index)} where ${number} comes next.`;
      throw unreadable({ file: this.#file, row, column: 'index' }, expected, 'Sort by index.');
    }
    if (number >= MOST_NEURONS) throw tooMany(this.#file);
    this.#numbers.set(id, number);
    this.#ids.push(id);
  }

  finish(): NeuronTable {
    if (this.#ids.length === 0) throw unreadable({ file: this.#file }, 'has no rows.');
    return { ids: this.#ids, numberOf: this.#numbers, column: this.#column };
  }
}

/** pandas leaves the name of its index empty; versions are appended to names. */
function idColumn(columns: readonly string[]): string | undefined {
  if (columns[0] === '') return '';
  return (
    ID_COLUMNS.find((name) => columns.includes(name)) ??
    columns.find((name) => ID_COLUMNS.some((known) => name.startsWith(`${known}_v`))) ??
    NAME_COLUMNS.find((name) => columns.includes(name))
  );
}

const tooMany = (file: string): NetworkError =>
  unreadable({ file }, `more than ${MOST_NEURONS} neurons.`);

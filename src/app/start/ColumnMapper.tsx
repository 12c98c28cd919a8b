/** What the columns of a connection table mean, chosen by a person who sees its first rows. */
import type { ColumnMapping, TableHead } from '../../io/connectome.ts';

export interface MapperValue {
  readonly mapping: Partial<ColumnMapping>;
  readonly reference: 'auto' | 'index' | 'id';
}

const MEANINGS: readonly {
  readonly key: keyof ColumnMapping;
  readonly title: string;
  readonly hint: string;
}[] = [
  { key: 'pre', title: 'Sends', hint: 'presynaptic neuron, a number from 0 or an id' },
  { key: 'post', title: 'Receives', hint: 'postsynaptic neuron' },
  { key: 'weight', title: 'Weight', hint: 'synapses of the connection, negative if inhibitory' },
  { key: 'sign', title: 'Sign', hint: '1 and −1, or words such as "inhibitory"' },
  { key: 'delay', title: 'Delay', hint: 'in ms' },
];

export function ColumnMapper({
  head,
  value,
  change,
}: {
  head: TableHead;
  value: MapperValue;
  change: (value: MapperValue) => void;
}) {
  const set = (key: keyof ColumnMapping, column: string): void => {
    const { [key]: _, ...others } = value.mapping;
    change({ ...value, mapping: column === '' ? others : { ...others, [key]: column } });
  };
  return (
    <fieldset class="mapper">
      <legend>
        Columns{head.layout !== '' && <span class="quiet"> recognised: {head.layout}</span>}
      </legend>
      <div class="mapper-fields">
        {MEANINGS.map(({ key, title, hint }) => (
          <label key={key} title={hint}>
            <span>{title}</span>
            <select
              name={key}
              value={value.mapping[key] ?? ''}
              onChange={({ currentTarget }) => set(key, currentTarget.value)}
            >
              <option value="">{key === 'pre' || key === 'post' ? 'choose…' : 'none'}</option>
              {head.columns.map((column) => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </select>
            <span class="small quiet">{hint}</span>
          </label>
        ))}
        <label title="Whether neurons are numbered from 0 or named">
          <span>Neurons are</span>
          <select
            name="reference"
            value={value.reference}
            onChange={({ currentTarget }) =>
              change({ ...value, reference: currentTarget.value as MapperValue['reference'] })
            }
          >
            <option value="auto">as it looks</option>
            <option value="index">numbered from 0</option>
            <option value="id">named by ids</option>
          </select>
        </label>
      </div>
      {head.rows.length > 0 && <Rows head={head} mapping={value.mapping} />}
    </fieldset>
  );
}

/** The first rows, with what each column was taken for. */
function Rows({ head, mapping }: { head: TableHead; mapping: Partial<ColumnMapping> }) {
  const meaningOf = (column: string): string =>
    MEANINGS.filter(({ key }) => mapping[key] === column)
      .map(({ title }) => title)
      .join(', ');
  return (
    <div class="mapper-rows">
      <table>
        <thead>
          <tr>
            {head.columns.map((column) => (
              <th key={column} scope="col">
                {column}
                <br />
                <strong>{meaningOf(column)}</strong>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {head.rows.slice(0, 5).map((row, index) => (
            <tr key={index}>
              {row.map((entry, column) => (
                <td key={head.columns[column]}>{entry}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The table of who responded: sortable by every column, a press on a row picks and probes the neuron. */
import { useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import type { App, NetworkInfo } from '../state/app.ts';
import { TableBox } from '../views/plot/TableBox.tsx';
import { codexAddress, globalNumbers, numberName } from './names.ts';
import { BY_RATE, type Key, ordered, pressed, type Row } from './order.ts';
import { targetsIn } from './state.ts';

interface TableProps {
  readonly info: NetworkInfo;
  readonly rows: readonly Row[];
  readonly label: string;
}

export function Table({ info, rows, label }: TableProps) {
  const app = useApp();
  const [order, setOrder] = useState(BY_RATE);
  const isOnly = targetsIn(app).length <= 1;
  const hasTrials = rows.some(({ sdHz }) => sdHz !== null);
  const columns: readonly (readonly [Key, string])[] = [
    ['id', 'Neuron'],
    ...(isOnly ? [] : [['population', 'Population'] as const]),
    ...(hasTrials ? [] : [['spikes', 'Spikes'] as const]),
    ['rateHz', hasTrials ? 'Mean (Hz)' : 'Rate (Hz)'],
    ...(hasTrials ? [['sdHz', 'SD (Hz)'] as const] : []),
  ];
  const picked = new Set(app.picked.value);
  return (
    <TableBox label={label} limited>
      <table class="responders">
        <thead>
          <tr>
            <th scope="col">#</th>
            {columns.map(([key, title]) => (
              <th
                key={key}
                scope="col"
                aria-sort={
                  order.key === key ? (order.isAscending ? 'ascending' : 'descending') : 'none'
                }
              >
                <button
                  type="button"
                  class="responders-sort plain"
                  onClick={() => setOrder(pressed(order, key))}
                >
                  {title}
                  <span aria-hidden="true">
                    {order.key === key ? (order.isAscending ? ' ▲' : ' ▼') : ''}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered(rows, order).map((row, rank) => {
            const [neuron = -1] = globalNumbers(info.populations, [
              { population: row.population, neurons: [row.index] },
            ]);
            const name = row.id || numberName(row.population, row.index, isOnly);
            const address = codexAddress(row.id);
            return (
              <tr
                key={neuron}
                class={picked.has(neuron) ? 'responders-row is-picked' : 'responders-row'}
              >
                <td class="quiet">{rank + 1}</td>
                <td class="responder-name">
                  <button
                    type="button"
                    class="responders-pick plain"
                    aria-pressed={picked.has(neuron)}
                    title="Pick and probe"
                    onClick={() => pickRow(app, row, neuron)}
                  >
                    {name}
                  </button>
                  {address !== '' && (
                    <a
                      href={address}
                      target="_blank"
                      rel="noopener noreferrer"
                      aria-label={`${name} in Codex`}
                      title="In FlyWire's Codex"
                    >
                      ↗
                    </a>
                  )}
                </td>
                {!isOnly && <td>{row.population}</td>}
                {!hasTrials && <td>{row.spikes}</td>}
                <td>{row.rateHz.toFixed(1)}</td>
                {hasTrials && <td>{row.sdHz?.toFixed(1)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

const MOST_PROBED = 8;

/** Picked everywhere on the page, and its state is drawn over time. Pressed again: no longer picked. */
function pickRow(app: App, { population, index }: Row, neuron: number): void {
  const before = app.picked.value;
  if (before.includes(neuron)) {
    app.picked.value = before.filter((one) => one !== neuron);
    return;
  }
  app.picked.value = Uint32Array.from([...before, neuron]).sort();
  const { probes } = app.project.value.view;
  const own = probes.find((probe) => probe.population === population)?.neurons ?? [];
  const neurons = [...new Set([...own.slice(1 - MOST_PROBED), index])].sort((a, b) => a - b);
  const others = probes.filter((probe) => probe.population !== population);
  app.setView({ probes: [...others, { population, neurons }] });
}

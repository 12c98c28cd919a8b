/** Population rates over the shown window. */
import { useEffect, useRef } from 'preact/hooks';
import { stylesOf } from '../../colours.ts';
import { useApp } from '../../shell/context.ts';
import { RATE_BIN_MS } from '../../simulation/protocol.ts';

export default function Rates() {
  const app = useApp();
  const info = app.session.info.value;
  const table = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    if (!info) return;
    const recent = info.populations.map(() => 0);
    return app.session.onProgress(({ rateCounts }) => {
      const count = info.populations.length;
      const bins = rateCounts.length / count - 1;
      if (bins < 1) return;
      info.populations.forEach(({ size }, index) => {
        let sum = 0;
        for (let bin = 0; bin < bins; bin++) sum += rateCounts[bin * count + index] ?? 0;
        recent[index] = sum / ((size * bins * RATE_BIN_MS) / 1000);
        const cell = table.current?.rows[index]?.cells[2];
        if (cell) cell.textContent = recent[index].toFixed(2);
      });
    });
  }, [app, info]);
  if (!info) return null;
  const styles = stylesOf(
    info.populations.map(({ name }) => name),
    app.dark.value,
  );
  return (
    <table class="populations">
      <caption>Populations</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Neurons</th>
          <th scope="col">Rate (spikes/s)</th>
        </tr>
      </thead>
      <tbody ref={table}>
        {info.populations.map(({ name, size }, index) => (
          <tr key={name}>
            <td>
              <span style={{ color: styles[index]?.colour }}>{styles[index]?.mark}</span> {name}
            </td>
            <td>{size.toLocaleString('en')}</td>
            <td>–</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Neurons of a population as chips, each of which can be taken away; of long lists the first ones. */
import { useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatNumber } from '../shell/format.ts';
import { numberName, useIds } from './names.ts';
import { labelsIn, targetsIn } from './state.ts';

const FEW = 8;
const MOST = 200;

interface ChipsProps {
  readonly label: string;
  readonly population: string;
  readonly neurons: readonly number[];
  readonly remove: (index: number) => void;
}

export function Chips({ label, population, neurons, remove }: ChipsProps) {
  const app = useApp();
  const [isOpen, setOpen] = useState(false);
  const shown = neurons.slice(0, isOpen ? MOST : FEW);
  const ids = useIds(labelsIn(app), population, shown);
  const isOnly = targetsIn(app).length <= 1;
  return (
    <ul class="chips" aria-label={label}>
      {shown.map((index) => {
        const name = ids.get(index) || numberName(population, index, isOnly);
        return (
          <li key={index} class="chip">
            <span>{name}</span>
            <button
              type="button"
              class="plain chip-remove"
              aria-label={`Remove ${name}`}
              onClick={() => remove(index)}
            >
              ×
            </button>
          </li>
        );
      })}
      {neurons.length > shown.length && (
        <li class="small quiet">
          {isOpen ? (
            `and ${formatNumber(neurons.length - shown.length)} more`
          ) : (
            <button type="button" class="plain small" onClick={() => setOpen(true)}>
              and {formatNumber(neurons.length - shown.length)} more
            </button>
          )}
        </li>
      )}
    </ul>
  );
}

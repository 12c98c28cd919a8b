/** Which neurons of a population are drawn: a list to type, and one neuron further or back. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useApp } from '../../shell/context.ts';
import type { PopulationInfo } from '../../simulation/protocol.ts';
import { formatNeurons, parseNeurons } from './neuron-list.ts';

interface Props {
  readonly population: PopulationInfo;
  readonly neurons: readonly number[];
}

export function NeuronField({ population, neurons }: Props) {
  const app = useApp();
  const text = useSignal(formatNeurons(neurons));
  const problem = useSignal('');
  const list = neurons.join();
  // Only another list replaces what is being typed.
  useEffect(() => {
    text.value = formatNeurons(neurons);
    problem.value = '';
  }, [list, population.name]);

  const probe = (next: readonly number[]): void => {
    const others = app.project
      .peek()
      .view.probes.filter((one) => one.population !== population.name);
    app.setView({ probes: [...others, { population: population.name, neurons: next }] });
  };
  const commit = (): void => {
    if (text.value === formatNeurons(neurons)) return;
    const parsed = parseNeurons(text.value, population.size);
    problem.value = parsed.problem;
    if (parsed.neurons) probe(parsed.neurons);
  };
  const move = (by: number): void => {
    const { size } = population;
    probe([...new Set(neurons.map((neuron) => (neuron + by + size) % size))].sort((a, b) => a - b));
  };
  return (
    <div class="traces-neurons">
      <label>
        Neurons
        <input
          type="text"
          inputMode="text"
          autocomplete="off"
          spellcheck={false}
          value={text.value}
          aria-invalid={problem.value !== ''}
          aria-describedby="traces-problem"
          title={`Of ${population.name}: numbers from 0 to ${population.size - 1}, "0, 3, 10-12"`}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
      </label>
      <button type="button" aria-label="The neurons before" onClick={() => move(-1)}>
        ‹
      </button>
      <button type="button" aria-label="The neurons after" onClick={() => move(1)}>
        ›
      </button>
      <span id="traces-problem" class="traces-problem small" role="status">
        {problem.value}
      </span>
    </div>
  );
}

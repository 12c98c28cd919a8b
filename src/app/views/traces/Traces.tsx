/** Panel: state of picked neurons over time, one plot for each variable, with their spikes, values in a table, and sound. */
import './traces.css';
import { type Signal, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { formatTime } from '../../shell/format.ts';
import type { App, NetworkInfo, TimeWindow } from '../../state/app.ts';
import { Choice } from '../plot/Choice.tsx';
import { lowerBound } from '../plot/decimate.ts';
import { shortNumber } from '../plot/numbers.ts';
import { PlotTools } from '../plot/PlotTools.tsx';
import { perApp } from '../plot/per-app.ts';
import { Swatch } from '../plot/Swatch.tsx';
import { NEURON_DASHES, neuronColours } from '../plot/series-look.ts';
import { TableBox } from '../plot/TableBox.tsx';
import { windowOf } from '../plot/TimePlot.tsx';
import { isOpen, Toggles } from '../plot/Toggles.tsx';
import type { Column } from '../plot/table.ts';
import { tracesOf } from './collect.ts';
import { NeuronField } from './NeuronField.tsx';
import { soundOf } from './sound.ts';
import { TracePlot } from './TracePlot.tsx';
import { thresholdOf } from './threshold.ts';
import type { TraceRing } from './trace-ring.ts';

/** Plots that are open at first; more on demand. */
const FIRST_VARIABLES = 2;

/** Whose neurons are shown. */
const populationOf = perApp(() => signal(''));

export default function Traces() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <TracesOf info={info} key={info.document.name} />;
}

function TracesOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const rings = tracesOf(app).rings.value;
  const population = populationOf(app);
  const { probes } = app.project.value.view;
  const plots = useRef(new Map<string, uPlot>());
  const marked = useSignal<number | null>(null);
  useFollow(app, population);
  const withState = info.populations.filter(({ method }) => method !== null);
  const shown =
    withState.find(({ name }) => name === population.value) ??
    withState.find(({ name }) => name === (probes[0]?.population ?? rings[0]?.population)) ??
    withState[0];
  if (!shown) return <p class="plot-empty">No population of this network has a state to draw.</p>;
  const ring = rings.find((one) => one.population === shown.name);
  const neurons =
    probes.find((probe) => probe.population === shown.name)?.neurons ?? ring?.neurons ?? [];
  const variables = (ring?.variables ?? []).map(({ name }, index) => ({
    name,
    index,
    key: `traces ${shown.name}.${name}`,
  }));
  const open = variables.filter(({ key, index }) => isOpen(app, key, index, FIRST_VARIABLES));
  return (
    <div class="traces plot-beside">
      <PlotTools
        name={`traces-${shown.name}`}
        plots={() => open.map(({ name }) => plots.current.get(name) ?? null)}
        columns={() => (ring ? columnsOf(ring, open, windowOf(app), info.dtMs) : [])}
      >
        {withState.length > 1 && (
          <Choice
            label="Population"
            value={shown.name}
            options={withState.map(({ name }) => [name, name] as const)}
            choose={(name) => choose(app, info, population, name)}
          />
        )}
        <NeuronField population={shown} neurons={neurons} />
        <Sound />
      </PlotTools>
      <Toggles app={app} label="Variables" items={variables} first={FIRST_VARIABLES} />
      {ring ? (
        <div class="columns">
          <div>
            {open.map(({ name, index }, place) => (
              <TracePlot
                key={name}
                ring={ring}
                variable={index}
                first={shown.first}
                dtMs={info.dtMs}
                threshold={levelOf(app, shown.name, ring, name)}
                isLast={place === open.length - 1}
                marked={marked.value}
                plots={plots.current}
              />
            ))}
            {open.length === 0 && <p class="plot-empty">Choose a variable above.</p>}
          </div>
          <Values ring={ring} open={open} info={info} marked={marked} />
        </div>
      ) : (
        <p class="plot-empty">
          {app.session.phase.value === 'running'
            ? 'Waiting for the first samples…'
            : 'Samples come while the network runs: press Run.'}
        </p>
      )}
    </div>
  );
}

/** Neurons that were picked elsewhere, in the raster for instance, bring their population to the front. */
function useFollow(app: App, population: Signal<string>): void {
  const before = useRef(app.project.value.view.probes);
  const { probes } = app.project.value.view;
  useEffect(() => {
    const changed = probes.find((probe) => !before.current.includes(probe));
    before.current = probes;
    if (changed) population.value = changed.population;
  }, [probes, population]);
}

/** Another population: some of its neurons are probed from now on. */
function choose(app: App, info: NetworkInfo, population: Signal<string>, name: string): void {
  population.value = name;
  const { probes } = app.project.value.view;
  if (probes.some((probe) => probe.population === name)) return;
  const size = info.populations.find((one) => one.name === name)?.size ?? 1;
  const neurons = [0, 1, 2].filter((neuron) => neuron < size);
  const others = probes.length > 0 ? probes : firstProbes(app);
  app.setView({ probes: [...others, { population: name, neurons }] });
}

/** What is probed while nobody has chosen. */
const firstProbes = (app: App) =>
  tracesOf(app)
    .rings.peek()
    .map(({ population, neurons }) => ({ population, neurons }));

/** Where a variable makes a spike, for the line in its plot. */
function levelOf(app: App, population: string, ring: TraceRing, variable: string) {
  const document = app.project.value.document ?? app.session.info.value?.document;
  const owner = document?.populations.find(({ name }) => name === population);
  if (!document || !owner) return null;
  const unitOf = (name: string): string =>
    ring.variables.find((one) => one.name === name)?.unit ?? '';
  const found = thresholdOf(document, owner, unitOf);
  return found?.variable === variable ? found : null;
}

function Sound() {
  const app = useApp();
  const isOn = app.project.value.view.sound;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title="A click for every spike of these neurons"
      onClick={() => {
        app.setView({ sound: !isOn });
        soundOf(app).start();
      }}
    >
      <svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true" class="traces-speaker">
        <path d="M1 5h3l4-4v12L4 9H1z" fill="currentColor" />
        {isOn ? (
          <path d="M10.5 4.5a4 4 0 0 1 0 5M12.5 2.5a7 7 0 0 1 0 9" />
        ) : (
          <path d="M11 5l4 4M15 5l-4 4" />
        )}
      </svg>{' '}
      Sound
    </button>
  );
}

interface Open {
  readonly name: string;
  readonly index: number;
}

/** Values at the cursor, or the newest ones: what the curves say, in numbers. */
function Values({
  ring,
  open,
  info,
  marked,
}: {
  ring: TraceRing;
  open: readonly Open[];
  info: NetworkInfo;
  /** Place of the neuron that stands out in the plots. */
  marked: Signal<number | null>;
}) {
  const app = useApp();
  const colours = neuronColours(app.dark.value);
  const at = useSignal<{ ms: number; values: readonly (readonly number[])[] } | null>(null);
  // The list of open variables is a new one at every drawing.
  useEffect(() => {
    const update = (): void => {
      at.value = valuesAt(ring, open, app.cursorMs.peek(), info.dtMs);
    };
    update();
    const timer = setInterval(update, 200);
    return () => clearInterval(timer);
  }, [ring, open.map(({ name }) => name).join(), info]);
  return (
    <TableBox label="Values of the neurons">
      <table>
        <caption class="small quiet numbers">
          {at.value ? `At ${formatTime(at.value.ms)}` : 'No samples yet'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Neuron</th>
            {open.map(({ name, index }) => (
              <th scope="col" key={name}>
                {labelOf(name, ring.variables[index]?.unit ?? '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ring.neurons.map((neuron, row) => (
            <tr key={neuron}>
              <td>
                <button
                  type="button"
                  class="plain plot-name"
                  title="Show this neuron before the others"
                  aria-pressed={marked.value === row}
                  onClick={() => {
                    marked.value = marked.value === row ? null : row;
                  }}
                >
                  <Swatch
                    colour={colours[row % colours.length] ?? ''}
                    dash={NEURON_DASHES[row % NEURON_DASHES.length] ?? null}
                  />
                  {neuron}
                </button>
              </td>
              {open.map(({ name }, column) => {
                const value = at.value?.values[column]?.[row];
                return <td key={name}>{value === undefined ? '–' : shortNumber(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

export const labelOf = (name: string, unit: string): string =>
  unit === '' ? name : `${name} (${unit})`;

function valuesAt(ring: TraceRing, open: readonly Open[], cursorMs: number | null, dtMs: number) {
  const steps = ring.steps();
  if (steps.length === 0) return null;
  const index =
    cursorMs === null
      ? steps.length - 1
      : Math.min(steps.length - 1, lowerBound(steps, cursorMs / dtMs));
  return {
    ms: (steps[index] as number) * dtMs,
    values: open.map(({ index: variable }) =>
      ring.neurons.map((_, neuron) => ring.values(variable, neuron)[index] as number),
    ),
  };
}

/** Every sample of the shown time. */
function columnsOf(
  ring: TraceRing,
  open: readonly Open[],
  { fromMs, toMs }: TimeWindow,
  dtMs: number,
): Column[] {
  const steps = ring.steps();
  const from = lowerBound(steps, fromMs / dtMs);
  const to = lowerBound(steps, toMs / dtMs);
  return [
    { name: 'time (ms)', values: steps.subarray(from, to).map((step) => step * dtMs) },
    ...open.flatMap(({ name, index }) =>
      ring.neurons.map((neuron, place) => ({
        name: `${labelOf(name, ring.variables[index]?.unit ?? '')} of ${neuron}`,
        values: ring.values(index, place).subarray(from, to),
      })),
    ),
  ];
}

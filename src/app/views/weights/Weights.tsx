/** Panel: histograms of weights, of any other synapse variable, and of delays, by projection. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import type { Histogram, ProjectionInfo } from '../../simulation/protocol.ts';
import type { App, NetworkInfo } from '../../state/app.ts';
import { centred, momentsOf } from '../plot/bars.ts';
import { Choice } from '../plot/Choice.tsx';
import { HistogramPlot } from '../plot/HistogramPlot.tsx';
import { shortNumber } from '../plot/numbers.ts';
import { PlotTools } from '../plot/PlotTools.tsx';
import { perApp } from '../plot/per-app.ts';

const BINS = 60;
const EVERY_MS = 1500;
/** Reading synapses takes at most this part of the worker's time. */
const SHARE = 0.1;
const DELAY = 'delay';

const choicesOf = perApp(() => ({ projection: signal(''), variable: signal('') }));

export default function Weights() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <WeightsOf info={info} />;
}

function WeightsOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const choices = choicesOf(app);
  const plot = useRef<uPlot | null>(null);
  const projection =
    info.projections.find(({ name }) => name === choices.projection.value) ?? info.projections[0];
  if (!projection) return <p class="plot-empty">This network has no projections.</p>;
  const quantities = quantitiesOf(projection);
  const quantity =
    quantities.find(({ name }) => name === choices.variable.value) ??
    quantities[0] ??
    quantities[0];
  if (!quantity) return null;
  return (
    <Shown
      key={`${projection.name} ${quantity.name}`}
      app={app}
      info={info}
      projection={projection}
      quantity={quantity}
      quantities={quantities}
      plot={plot}
    />
  );
}

interface Quantity {
  readonly name: string;
  readonly unit: string;
}

/** Weights first, then other variables, then delays. */
function quantitiesOf({ variables }: ProjectionInfo): Quantity[] {
  const isWeight = ({ name }: Quantity): boolean => /^(w|weight|g|J)\w{0,3}$/.test(name);
  const stored = variables.filter((one) => one.stored);
  return [
    ...stored.filter(isWeight),
    ...stored.filter((one) => !isWeight(one)),
    { name: DELAY, unit: 'ms' },
  ];
}

interface ShownProps {
  readonly app: App;
  readonly info: NetworkInfo;
  readonly projection: ProjectionInfo;
  readonly quantity: Quantity;
  readonly quantities: readonly Quantity[];
  readonly plot: { current: uPlot | null };
}

function Shown({ app, info, projection, quantity, quantities, plot }: ShownProps) {
  const choices = choicesOf(app);
  const { histogram, failure } = useHistogram(app, info, projection.name, quantity.name);
  const found = histogram.value;
  const title = quantity.unit === '' ? quantity.name : `${quantity.name} (${quantity.unit})`;
  return (
    <div class="weights">
      <PlotTools
        name={`${projection.name}-${quantity.name}`}
        plots={() => [plot.current]}
        columns={() =>
          found
            ? [
                { name: `${title}, from`, values: found.edges.subarray(0, found.counts.length) },
                { name: `${title}, to`, values: found.edges.subarray(1) },
                { name: 'synapses', values: found.counts },
              ]
            : []
        }
      >
        <Choice
          label="Projection"
          value={projection.name}
          options={info.projections.map(({ name }) => [name, name] as const)}
          choose={(name) => {
            choices.projection.value = name;
          }}
        />
        <Choice
          label="Of"
          value={quantity.name}
          options={quantities.map(
            ({ name, unit }) => [name, unit ? `${name} (${unit})` : name] as const,
          )}
          choose={(name) => {
            choices.variable.value = name;
          }}
        />
      </PlotTools>
      <p class="plot-reading small numbers">
        <span class="quiet">
          {projection.source} → {projection.target}:{' '}
        </span>
        {found ? describe(found, quantity.unit) : failure.value === '' && 'Reading synapses…'}
      </p>
      {failure.value !== '' && (
        <p class="plot-empty" role="status">
          {failure.value}
        </p>
      )}
      <HistogramPlot
        label={`${title} of the synapses of ${projection.name}: ${found ? describe(found, quantity.unit) : 'not read yet'}`}
        quantity={title}
        counted="synapses"
        height={230}
        handle={plot}
        histogram={found}
        colour={(value, ink) =>
          quantity.name === DELAY ? ink.accent : value < 0 ? ink.inhibitory : ink.excitatory
        }
        marks={marksOf(found, quantity.unit)}
      />
    </div>
  );
}

/** Read again while the network runs, since plastic synapses change; slower where there are many. */
function useHistogram(app: App, info: NetworkInfo, projection: string, variable: string) {
  const histogram = useSignal<Histogram | null>(null);
  const failure = useSignal('');
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let readStep = -1;
    const read = async (): Promise<void> => {
      const { step } = app.session.run.peek();
      let waitMs = 250;
      // Delays stay what they are.
      const isKnown = variable === DELAY && histogram.peek() !== null;
      if (step !== readStep && !isKnown && document.visibilityState !== 'hidden') {
        readStep = step;
        const began = performance.now();
        try {
          const found = await app.session.call('synapseHistogram', [projection, variable, BINS]);
          if (ended) return;
          histogram.value = variable === DELAY ? centred(found, info.dtMs) : found;
          failure.value = '';
        } catch (error) {
          if (ended) return;
          failure.value = error instanceof Error ? error.message : String(error);
        }
        waitMs = Math.max(EVERY_MS, (performance.now() - began) / SHARE);
      }
      if (!ended) timer = setTimeout(read, waitMs);
    };
    void read();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [app, info, projection, variable, histogram, failure]);
  return { histogram, failure };
}

function describe(histogram: Histogram, unit: string): string {
  const { n, mean, sd } = momentsOf(histogram);
  if (n === 0) return 'no synapses';
  const of = (value: number): string => `${shortNumber(value)}${unit ? ` ${unit}` : ''}`;
  if (histogram.counts.length === 1) return `${formatNumber(n)} synapses, all about ${of(mean)}`;
  const { edges, counts } = histogram;
  const negative = counts.reduce(
    (sum, count, k) => sum + ((edges[k + 1] as number) <= 0 ? count : 0),
    0,
  );
  const signs =
    negative > 0 && negative < n ? `, ${((100 * negative) / n).toFixed(0)} % negative` : '';
  return `${formatNumber(n)} synapses, mean ${of(mean)}, standard deviation ${of(sd)}${signs}`;
}

function marksOf(histogram: Histogram | null, unit: string) {
  const moments = histogram ? momentsOf(histogram) : null;
  if (!moments || moments.n === 0) return [];
  const text = `mean ${shortNumber(moments.mean)}${unit ? ` ${unit}` : ''}`;
  return [{ at: moments.mean, text }];
}

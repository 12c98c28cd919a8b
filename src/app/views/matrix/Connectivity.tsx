/** The panel Connectivity: who projects to whom, and the synapses of one projection between groups of neurons. */
import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import './matrix.css';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import type { NetworkInfo, ProjectionInfo } from '../../simulation/protocol.ts';
import type { App } from '../../state/app.ts';
import { perApp } from '../plot/per-app.ts';
import { type Column, csvOf } from '../plot/table.ts';
import { ColourBar } from '../space/ColourBar.tsx';
import type { ColourMapName } from '../space/colour-maps.ts';
import { SaveButtons } from '../space/SaveButtons.tsx';
import { formatValue, rangeOf, scaleOf, ticksOf, type ValueScale } from '../space/value-scale.ts';
import { type Density, degrees, densityOf, type Group } from './density.ts';
import type { Label, Matrix } from './draw-matrix.ts';
import { type Cell, MatrixView } from './MatrixView.tsx';
import {
  type Block,
  csvOfNetwork,
  type End,
  type NetworkMatrix,
  networkMatrix,
} from './network-matrix.ts';

interface Look {
  /** Name of a projection; '' for the whole network. */
  readonly projection: string;
  readonly quantity: Quantity;
  readonly log: boolean;
  readonly map: ColourMapName;
}

type Quantity = 'perPair' | 'inDegree' | 'synapses';

const QUANTITIES: Readonly<Record<Quantity, string>> = {
  perPair: 'synapses per pair of neurons',
  inDegree: 'synapses per target neuron',
  synapses: 'synapses',
};

const matrixLook = perApp(() =>
  signal<Look>({ projection: '', quantity: 'perPair', log: false, map: 'viridis' }),
);

export default function Connectivity() {
  const app = useApp();
  const info = app.session.info.value;
  const look = matrixLook(app).value;
  const network = useMemo(() => info && networkMatrix(info), [info]);
  const change = (next: Partial<Look>): void => {
    matrixLook(app).value = { ...matrixLook(app).value, ...next };
  };
  if (!info || !network) return null;
  if (info.projections.length === 0) return <p class="quiet">This network has no projections.</p>;
  const projection = info.projections.find(({ name }) => name === look.projection);
  return (
    <div class="matrix">
      <div class="matrix-controls">
        <label>
          Show{' '}
          <select
            id="matrix-projection"
            value={projection?.name ?? ''}
            onChange={({ currentTarget: { value } }) => change({ projection: value })}
          >
            <option value="">the whole network</option>
            {info.projections.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {!projection && (
          <label>
            Colours{' '}
            <select
              value={look.quantity}
              onChange={({ currentTarget: { value } }) => change({ quantity: value as Quantity })}
            >
              {Object.entries(QUANTITIES).map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        )}
        {projection && (
          <button type="button" onClick={() => change({ projection: '' })}>
            Whole network
          </button>
        )}
        <label>
          Map{' '}
          <select
            value={look.map}
            onChange={({ currentTarget: { value } }) => change({ map: value as ColourMapName })}
          >
            <option value="viridis">viridis</option>
            <option value="cividis">cividis</option>
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={look.log}
            onChange={({ currentTarget }) => change({ log: currentTarget.checked })}
          />
          logarithmic
        </label>
      </div>
      {projection ? (
        <OneProjection
          app={app}
          info={info}
          projection={projection}
          look={look}
          key={projection.name}
        />
      ) : (
        <Whole network={network} look={look} open={(name) => change({ projection: name })} />
      )}
      <Table network={network} />
    </div>
  );
}

interface WholeProps {
  network: NetworkMatrix;
  look: Look;
  open: (projection: string) => void;
}

function Whole({ network, look, open }: WholeProps) {
  const [cursor, setCursor] = useState<Cell | null>(null);
  const { sources, targets, blocks } = network;
  const at = ({ row, column }: Cell): Block | undefined =>
    blocks.find(({ source, target }) => source === row && target === column);
  const values = useMemo(() => {
    const found = new Float64Array(sources.length * targets.length);
    for (const block of blocks) {
      found[block.source * targets.length + block.target] = block[look.quantity];
    }
    return found;
  }, [network, look.quantity]);
  const matrix: Matrix = {
    rows: sources.length,
    columns: targets.length,
    values,
    rowLabels: namesOf(sources),
    columnLabels: namesOf(targets),
    rowTitle: 'from',
    columnTitle: 'to',
    text: (row, column) => formatValue(values[row * targets.length + column] ?? 0),
    lines: true,
  };
  return (
    <Picture
      label={`Populations that project (rows) to populations (columns): ${QUANTITIES[look.quantity]}`}
      matrix={matrix}
      scale={scaleFor(values, look.log)}
      look={look}
      title={QUANTITIES[look.quantity]}
      cursor={cursor}
      onCursor={setCursor}
      onOpen={(cell) => {
        const name = at(cell)?.projections[0];
        if (name !== undefined) open(name);
      }}
      csv={() => csvOfNetwork(network)}
      reading={
        cursor
          ? blockText(network, cursor, at(cursor))
          : 'Point at a block to read it; click it to open its projection.'
      }
    />
  );
}

const namesOf = (ends: readonly End[]): readonly Label[] =>
  ends.map(({ name }, index) => ({ at: index + 0.5, text: name }));

function blockText(
  { sources, targets }: NetworkMatrix,
  { row, column }: Cell,
  block: Block | undefined,
): string {
  const pair = `${sources[row]?.name} to ${targets[column]?.name}`;
  if (!block) return `${pair}: no projection.`;
  return (
    `${pair}: ${formatNumber(block.synapses)} synapses, ${formatValue(block.inDegree)} per target neuron, ` +
    `${formatValue(block.perPair)} per pair (${block.projections.join(', ')}).`
  );
}

/** From zero, or over the decades that there are. */
function scaleFor(values: ArrayLike<number>, log: boolean): ValueScale {
  const range = rangeOf(values, true);
  if (!range) return scaleOf(null, log);
  return log ? scaleOf(range, true) : scaleOf({ min: 0, max: range.max });
}

interface PictureProps {
  label: string;
  matrix: Matrix;
  scale: ValueScale;
  look: Look;
  title: string;
  cursor: Cell | null;
  reading: string;
  onCursor: (cell: Cell | null) => void;
  onOpen: (cell: Cell) => void;
  csv: () => string;
}

function Picture({
  label,
  matrix,
  scale,
  look,
  title,
  cursor,
  reading,
  onCursor,
  onOpen,
  csv,
}: PictureProps) {
  const picture = useRef<HTMLCanvasElement>(null);
  return (
    <figure class="matrix-figure">
      <MatrixView
        label={label}
        matrix={matrix}
        scale={scale}
        map={look.map}
        cursor={cursor}
        onCursor={onCursor}
        onOpen={onOpen}
        handle={picture}
      />
      <div class="matrix-legend">
        <ColourBar scale={scale} map={look.map} title={title} />
        <output class="matrix-reading numbers">{reading}</output>
        <SaveButtons
          name="connectivity"
          layers={() => picture.current && [picture.current]}
          csv={csv}
        />
      </div>
    </figure>
  );
}

/** Groups on a side: enough to see structure, few enough that a group is more than a neuron in large populations. */
const BINS = 96;

interface OneProps {
  app: App;
  info: NetworkInfo;
  projection: ProjectionInfo;
  look: Look;
}

function OneProjection({ app, info, projection, look }: OneProps) {
  const { density, failure } = useDensity(app, info, projection);
  const [cursor, setCursor] = useState<Cell | null>(null);
  const { name, source, target, synapses } = projection;
  if (failure !== '')
    return (
      <p role="alert">
        The synapses of {name} could not be counted: {failure}
      </p>
    );
  if (!density) return <p class="quiet">Counting the synapses of {name}…</p>;
  const { sources, targets, perPair } = density;
  const isSingle = [...sources, ...targets].every(({ from, to }) => to - from === 1);
  const title = isSingle ? 'synapses' : 'synapses per pair of neurons';
  const matrix: Matrix = {
    rows: sources.length,
    columns: targets.length,
    values: perPair,
    rowLabels: numbersOf(sources),
    columnLabels: numbersOf(targets),
    rowTitle: `from ${source}`,
    columnTitle: `to ${target}`,
    text: null,
    lines: false,
  };
  return (
    <>
      <Picture
        label={`Synapses of ${name} from groups of ${source} (rows) to groups of ${target} (columns)`}
        matrix={matrix}
        scale={scaleFor(perPair, look.log)}
        look={look}
        title={title}
        cursor={cursor}
        onCursor={setCursor}
        onOpen={() => undefined}
        csv={() => csvOf(columnsOf(density))}
        reading={cursor ? groupText(density, projection, cursor) : 'Point at a cell to read it.'}
      />
      <p class="quiet small">
        {formatNumber(synapses)} synapses. {degreeText(density)}
      </p>
    </>
  );
}

/** Round numbers of neurons; all of them where they are few. */
function numbersOf(groups: readonly Group[]): readonly Label[] {
  const size = groups.at(-1)?.to ?? 0;
  if (size === groups.length && size <= 24) {
    return groups.map((_, neuron) => ({ at: neuron + 0.5, text: String(neuron) }));
  }
  return ticksOf({ min: 0, max: size, log: false }, 6).map(({ value, fraction }) => ({
    at: fraction * groups.length,
    text: formatNumber(value),
  }));
}

function groupText(density: Density, projection: ProjectionInfo, { row, column }: Cell): string {
  const neurons = ({ from, to }: Group): string =>
    to - from === 1 ? String(from) : `${from}–${to - 1}`;
  const source = density.sources[row];
  const target = density.targets[column];
  if (!source || !target) return '';
  const place = row * density.targets.length + column;
  const count = density.counts[place] ?? 0;
  return (
    `${projection.source} ${neurons(source)} to ${projection.target} ${neurons(target)}: ` +
    `${formatNumber(count)} ${count === 1 ? 'synapse' : 'synapses'}, ${formatValue(density.perPair[place] ?? 0)} per pair.`
  );
}

/** Every cell: neurons from and to (inclusive) at both ends, and its synapses. */
function columnsOf({ sources, targets, counts, perPair }: Density): readonly Column[] {
  const cells = Array.from(counts, (_, k) => ({
    source: sources[Math.floor(k / targets.length)],
    target: targets[k % targets.length],
  }));
  return [
    { name: 'first source', values: cells.map(({ source }) => source?.from) },
    { name: 'last source', values: cells.map(({ source }) => source && source.to - 1) },
    { name: 'first target', values: cells.map(({ target }) => target?.from) },
    { name: 'last target', values: cells.map(({ target }) => target && target.to - 1) },
    { name: 'synapses', values: counts },
    { name: 'synapses per pair', values: perPair },
  ];
}

function degreeText(density: Density): string {
  const spread = (of: 'in' | 'out'): string => {
    const range = rangeOf(degrees(density, of));
    return range ? `${formatValue(range.min)} … ${formatValue(range.max)}` : 'none';
  };
  return `Per neuron, by groups: ${spread('in')} arriving, ${spread('out')} leaving.`;
}

function useDensity(app: App, info: NetworkInfo, projection: ProjectionInfo) {
  const [state, setState] = useState<{ density: Density | null; failure: string }>({
    density: null,
    failure: '',
  });
  const { name } = projection;
  useEffect(() => {
    let isGone = false;
    setState({ density: null, failure: '' });
    const { sourceSize, targetSize } = sizesOf(info, projection);
    app.session.call('connectivity', [name, BINS]).then(
      (counts) => {
        if (isGone) return;
        setState({ density: densityOf(counts, BINS, sourceSize, targetSize), failure: '' });
      },
      (error: unknown) => {
        if (isGone || (error instanceof Error && error.name === 'Closed')) return;
        setState({
          density: null,
          failure: error instanceof Error ? error.message : String(error),
        });
      },
    );
    return () => {
      isGone = true;
    };
  }, [app, info, name]);
  return state;
}

/** How many neurons the projection may use at its two ends: its slices, or the whole. */
function sizesOf(
  { document, populations, fields }: NetworkInfo,
  { name, source, target }: ProjectionInfo,
): { sourceSize: number; targetSize: number } {
  const whole = (of: string): number => {
    const grid = fields.find((field) => field.name === of)?.grid ?? [0, 0, 0];
    return (
      populations.find((population) => population.name === of)?.size ?? grid[0] * grid[1] * grid[2]
    );
  };
  const found = document.projections.find((one) => one.name === name);
  const length = (of: string, slice: { from?: number; to?: number } | undefined): number =>
    (slice?.to ?? whole(of)) - (slice?.from ?? 0);
  return {
    sourceSize: length(source, found?.source),
    targetSize: length(target, found?.target),
  };
}

function Table({ network: { sources, targets, blocks } }: { network: NetworkMatrix }) {
  return (
    <details class="matrix-table">
      <summary>As a table</summary>
      <table>
        <caption class="visually-hidden">Synapses between populations</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Synapses</th>
            <th scope="col">Per target neuron</th>
            <th scope="col">Per pair</th>
          </tr>
        </thead>
        <tbody>
          {blocks.map(({ source, target, synapses, inDegree, perPair, projections }) => (
            <tr key={`${source} ${target}`} title={projections.join(', ')}>
              <td>{sources[source]?.name}</td>
              <td>{targets[target]?.name}</td>
              <td>{formatNumber(synapses)}</td>
              <td>{formatValue(inDegree)}</td>
              <td>{formatValue(perPair)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

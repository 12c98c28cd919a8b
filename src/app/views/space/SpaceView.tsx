/** The panel Space: neurons at their places with activity, what can be chosen about it, and the same as a table. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import './space.css';
import { stylesOf } from '../../colours.ts';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import type { NetworkInfo } from '../../simulation/protocol.ts';
import type { App } from '../../state/app.ts';
import type { SpaceLook } from '../../state/project.ts';
import { type Column, csvOf } from '../plot/table.ts';
import { ColourBar } from './ColourBar.tsx';
import { type Cloud, countActive, createCloud, populationOf } from './cloud.ts';
import { type ColourChoice, colourChoices, FADE_MS, lookOf, SIZE, withProbe } from './look.ts';
import { lengthText } from './overlay.ts';
import type { ValueLook } from './painter.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { createStage, type Stage } from './stage.ts';
import { useValues } from './use-values.ts';
import { formatValue } from './value-scale.ts';

/** A neuron under the pointer. */
interface Hovered {
  readonly neuron: number;
  readonly x: number;
  readonly y: number;
  /** Of the picture, CSS pixels. */
  readonly width: number;
}

export default function SpaceView() {
  const app = useApp();
  const info = app.session.info.value;
  const { cloud, failure } = useCloud(app, info);
  const { space } = app.project.value.view;
  const look = useMemo(() => lookOf(space), [space]);
  const choices = useMemo(() => (info ? colourChoices(info) : []), [info]);
  const choice = choices.find(({ name }) => name === look.colour) ?? null;
  const values = useValues(app, cloud, choice, look.map);
  const change = (next: Partial<SpaceLook>): void =>
    app.setView({ space: { ...lookOf(app.project.value.view.space), ...next } });
  const hovered = useSignal<Hovered | null>(null);
  const counted = useSignal(0);
  const stage = useRef<Stage | null>(null);
  if (!info) return null;
  return (
    <div class="space">
      {failure !== '' && <p role="alert">The places of neurons could not be read: {failure}</p>}
      <div class="space-controls">
        <Colours look={look} choices={choices} change={change} />
        <Sides cloud={cloud} stage={stage} />
        {cloud && (
          <SaveButtons
            name="space"
            layers={() => stage.current?.layers() ?? null}
            csv={() => csvOf(columnsOf(cloud, info.dtMs, choice, values))}
          />
        )}
      </div>
      <div class="space-stage">
        {cloud && (
          <StageFrame
            key={info}
            app={app}
            cloud={cloud}
            look={look}
            values={values}
            stage={stage}
            hovered={hovered}
            counted={counted}
            change={change}
          />
        )}
        {!cloud && failure === '' && <p class="quiet space-wait">Reading positions…</p>}
        <Tip
          app={app}
          cloud={cloud}
          hovered={hovered}
          counted={counted}
          values={values}
          choice={choice}
        />
      </div>
      <div class="space-below">
        {choice && values && (
          <ColourBar scale={values.scale} map={look.map} title={titleOf(choice)} />
        )}
        <p class="quiet small space-hint">
          {cloud && !cloud.anatomical
            ? 'This network has no positions: each population is drawn as a disc of its size. Distances mean nothing.'
            : extentText(cloud)}{' '}
          {cloud?.bounds.flat
            ? 'Drag to move; click the picture, then scroll to zoom.'
            : 'Drag to turn, Shift and drag to move; click the picture, then scroll to zoom.'}{' '}
          Click a neuron to follow it.
        </p>
      </div>
      {cloud && (
        <Populations app={app} cloud={cloud} look={look} counted={counted} change={change} />
      )}
    </div>
  );
}

/** Of every neuron with a place: number, place, last spike, and the value that it is coloured by. */
function columnsOf(
  cloud: Cloud,
  dtMs: number,
  choice: ColourChoice | null,
  values: ValueLook | null,
): readonly Column[] {
  const shown = cloud.populations
    .filter(({ placed }) => placed)
    .flatMap(({ first, size }) => Array.from({ length: size }, (_, k) => first + k));
  const place = (axis: number): Column => ({
    name: `${'xyz'[axis]} (${cloud.anatomical ? 'um' : 'of the drawing'})`,
    values: shown.map((neuron) => cloud.places[3 * neuron + axis]),
  });
  return [
    { name: 'neuron', values: shown },
    ...[0, 1, 2].map(place),
    {
      name: 'last spike (ms)',
      values: shown.map((neuron) => {
        const last = cloud.lastSpike[neuron] as number;
        return last === 0 ? null : (last - 1) * dtMs;
      }),
    },
    ...(choice && values
      ? [{ name: titleOf(choice), values: shown.map((neuron) => values.values[neuron]) }]
      : []),
  ];
}

const titleOf = ({ name, unit }: ColourChoice): string =>
  unit === '' ? name : `${name} (${unit})`;

function extentText(cloud: Cloud | null): string {
  if (!cloud) return '';
  const { min, max, flat } = cloud.bounds;
  const sizes = (flat ? [0, 1] : [0, 1, 2]).map((axis) =>
    lengthText((max[axis] as number) - (min[axis] as number)),
  );
  const missing = cloud.populations.filter(({ placed }) => !placed).map(({ name }) => name);
  const without = missing.length > 0 ? ` Without a place: ${missing.join(', ')}.` : '';
  return `${sizes.join(' × ')}.${without}`;
}

function useCloud(app: App, info: NetworkInfo | null): { cloud: Cloud | null; failure: string } {
  const [state, setState] = useState<{ of: NetworkInfo; cloud: Cloud | null; failure: string }>();
  useEffect(() => {
    if (!info) return;
    let isGone = false;
    createCloud(info, (population) => app.session.call('positions', [population])).then(
      (cloud) => !isGone && setState({ of: info, cloud, failure: '' }),
      (error: unknown) =>
        !isGone &&
        setState({
          of: info,
          cloud: null,
          failure: error instanceof Error ? error.message : String(error),
        }),
    );
    return () => {
      isGone = true;
    };
  }, [app, info]);
  return state && state.of === info ? state : { cloud: null, failure: '' };
}

interface StageProps {
  app: App;
  cloud: Cloud;
  look: SpaceLook;
  values: ValueLook | null;
  stage: { current: Stage | null };
  hovered: Signal<Hovered | null>;
  counted: Signal<number>;
  change: (next: Partial<SpaceLook>) => void;
}

function StageFrame({ app, cloud, look, values, stage, hovered, counted, change }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  // Made once per cloud; what changes is handed on below.
  useEffect(() => {
    let countedAt = 0;
    const made = createStage(app, frame.current as HTMLDivElement, cloud, look, {
      hovered(neuron, x, y) {
        const width = frame.current?.clientWidth ?? 0;
        hovered.value = neuron < 0 ? null : { neuron, x, y, width };
      },
      chosen: (neuron, add) => choose(app, cloud, neuron, add),
      moved: (camera) => change({ camera }),
      active() {
        const now = performance.now();
        if (now - countedAt < 300) return;
        countedAt = now;
        counted.value++;
      },
    });
    stage.current = made;
    return () => {
      stage.current = null;
      hovered.value = null;
      made.destroy();
    };
  }, [app, cloud]);
  useEffect(() => stage.current?.setLook(look), [stage, look]);
  useEffect(() => stage.current?.setValues(values), [stage, values]);
  const picked = app.picked.value;
  useEffect(() => stage.current?.setPicked(picked), [stage, picked]);
  const isFlat = cloud.bounds.flat;
  const dark = app.dark.value;
  useEffect(() => stage.current?.refresh(), [stage, dark]);
  return (
    <div
      ref={frame}
      class={`space-frame${isFlat ? ' flat' : ''}`}
      role="application"
      aria-roledescription={isFlat ? 'map of neurons' : 'three-dimensional view of neurons'}
      aria-label={
        `${formatNumber(cloud.neurons)} neurons at their places. Arrow keys ` +
        `${isFlat ? 'move' : 'turn, with Shift they move'}; plus and minus zoom; 0 shows everything. ` +
        'The table below has the same in numbers.'
      }
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the view is moved by keys.
      tabIndex={0}
    />
  );
}

/** Picks a neuron, and shows its state over time where it has any. */
function choose(app: App, cloud: Cloud, neuron: number, add: boolean): void {
  if (neuron < 0) {
    if (!add && app.picked.value.length > 0) app.picked.value = new Uint32Array(0);
    return;
  }
  const population = populationOf(cloud, neuron);
  if (!population) return;
  const before = add ? [...app.picked.value] : [];
  app.picked.value = before.includes(neuron)
    ? Uint32Array.from(before.filter((one) => one !== neuron))
    : Uint32Array.from([...before, neuron].sort((a, b) => a - b));
  if (population.variables.length === 0) return;
  const { probes } = app.project.value.view;
  app.setView({ probes: withProbe(probes, population.name, neuron - population.first, add) });
}

interface ColoursProps {
  look: SpaceLook;
  choices: readonly ColourChoice[];
  change: (next: Partial<SpaceLook>) => void;
}

function Colours({ look, choices, change }: ColoursProps) {
  const isActivity = !choices.some(({ name }) => name === look.colour);
  return (
    <>
      <label>
        Colour{' '}
        <select
          id="space-colour"
          value={isActivity ? '' : look.colour}
          onChange={({ currentTarget: { value } }) => change({ colour: value })}
        >
          <option value="">spikes, fading</option>
          {choices.map((choice) => (
            <option key={choice.name} value={choice.name}>
              {titleOf(choice)}
            </option>
          ))}
        </select>
      </label>
      {isActivity ? (
        <label title="Simulated time in which the light of a spike falls to 1/e">
          Fade{' '}
          <input
            id="space-fade"
            type="range"
            min={Math.log10(FADE_MS.least)}
            max={Math.log10(FADE_MS.most)}
            step="any"
            value={Math.log10(look.fadeMs)}
            aria-valuetext={`${formatValue(look.fadeMs)} ms`}
            onInput={({ currentTarget: { value } }) => change({ fadeMs: 10 ** Number(value) })}
          />
          <output class="numbers space-number">{formatValue(look.fadeMs)} ms</output>
        </label>
      ) : (
        <label>
          Colour map{' '}
          <select
            value={look.map}
            onChange={({ currentTarget: { value } }) => change({ map: value as SpaceLook['map'] })}
          >
            <option value="viridis">viridis</option>
            <option value="cividis">cividis</option>
          </select>
        </label>
      )}
      <label>
        Size{' '}
        <input
          id="space-size"
          type="range"
          min={SIZE.least}
          max={SIZE.most}
          step="any"
          value={look.size}
          onInput={({ currentTarget: { value } }) => change({ size: Number(value) })}
        />
      </label>
    </>
  );
}

function Sides({ cloud, stage }: { cloud: Cloud | null; stage: { current: Stage | null } }) {
  const button = (side: 'corner' | 'above' | 'front', text: string) => (
    <button type="button" onClick={() => stage.current?.lookFrom(side)}>
      {text}
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of three buttons is no fieldset.
    <div role="group" aria-label="View" class="space-sides">
      {button('corner', 'Everything')}
      {cloud && !cloud.bounds.flat && button('above', 'From above')}
      {cloud && !cloud.bounds.flat && button('front', 'From the front')}
    </div>
  );
}

interface TipProps {
  app: App;
  cloud: Cloud | null;
  hovered: Signal<Hovered | null>;
  counted: Signal<number>;
  values: ValueLook | null;
  choice: ColourChoice | null;
}

function Tip({ app, cloud, hovered, counted, values, choice }: TipProps) {
  const found = hovered.value;
  // Read so that the time of the last spike follows.
  counted.value;
  if (!found || !cloud) return null;
  const population = populationOf(cloud, found.neuron);
  if (!population) return null;
  const dtMs = app.session.info.value?.dtMs ?? 1;
  const last = cloud.lastSpike[found.neuron] ?? 0;
  const place = [...cloud.places.subarray(3 * found.neuron, 3 * found.neuron + 3)];
  const value = values?.values[found.neuron];
  return (
    <div
      class={`space-tip${found.x > found.width / 2 ? ' before' : ''}`}
      style={{ left: `${found.x}px`, top: `${found.y}px` }}
    >
      <strong>
        {population.name} {formatNumber(found.neuron - population.first)}
      </strong>
      {cloud.anatomical && (
        <span>
          {place
            .slice(0, cloud.bounds.flat ? 2 : 3)
            .map((one) => formatValue(one))
            .join(', ')}{' '}
          µm
        </span>
      )}
      {choice && value !== undefined && !Number.isNaN(value) && (
        <span>
          {choice.name} {formatValue(value)} {choice.unit}
        </span>
      )}
      <span>
        {last === 0
          ? 'has not spiked'
          : `spiked ${formatValue(Math.max(0, cloud.step - last) * dtMs)} ms ago`}
      </span>
    </div>
  );
}

interface PopulationsProps {
  app: App;
  cloud: Cloud;
  look: SpaceLook;
  counted: Signal<number>;
  change: (next: Partial<SpaceLook>) => void;
}

/** Which populations are shown, and how many of their neurons are active: the text alternative of the picture. */
function Populations({ app, cloud, look, counted, change }: PopulationsProps) {
  const dtMs = app.session.info.value?.dtMs ?? 1;
  const styles = stylesOf(cloud.populations, app.dark.value);
  // Read so that the numbers follow.
  counted.value;
  const toggle = (name: string, shown: boolean): void =>
    change({ hidden: shown ? look.hidden.filter((one) => one !== name) : [...look.hidden, name] });
  return (
    <div class="space-table">
      <table>
        <caption class="visually-hidden">Populations in the picture</caption>
        <thead>
          <tr>
            <th scope="col">Shown</th>
            <th scope="col">Neurons</th>
            <th scope="col">Spiked in the last {formatValue(look.fadeMs)} ms</th>
          </tr>
        </thead>
        <tbody>
          {cloud.populations.map((population, index) => {
            const { name, size, placed } = population;
            const active = countActive(cloud, population, look.fadeMs / dtMs);
            return (
              <tr key={name}>
                <td>
                  <label>
                    <input
                      type="checkbox"
                      checked={placed && !look.hidden.includes(name)}
                      disabled={!placed}
                      onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
                    />
                    <span style={{ color: styles[index]?.colour }} aria-hidden="true">
                      {styles[index]?.mark}
                    </span>
                    {name}
                  </label>
                </td>
                <td>{formatNumber(size)}</td>
                <td>
                  {formatNumber(active)} ({((100 * active) / size).toFixed(1)} %)
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

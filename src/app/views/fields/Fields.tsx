/** The panel Fields: a plane of a concentration, its values along a line, and its mean, least and largest over time. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import './fields.css';
import { useApp } from '../../shell/context.ts';
import { formatTime } from '../../shell/format.ts';
import type { FieldInfo, VariableInfo } from '../../simulation/protocol.ts';
import { PlotTools } from '../plot/PlotTools.tsx';
import { steadyRange } from '../plot/range.ts';
import { type Column, csvOf } from '../plot/table.ts';
import { ColourBar } from '../space/ColourBar.tsx';
import { SaveButtons } from '../space/SaveButtons.tsx';
import { formatValue, rangeOf, scaleOf, type ValueScale } from '../space/value-scale.ts';
import { Controls } from './Controls.tsx';
import { CoursePlot, ProfilePlot } from './curves.tsx';
import { type FieldLook, fieldLook } from './look.ts';
import { PlaneView } from './PlaneView.tsx';
import {
  AXIS_NAMES,
  type Cut,
  cutPlane,
  firstCut,
  longAxes,
  middleUm,
  type Place,
  type Plane,
  profileAlong,
  voxelOf,
} from './slice.ts';
import { type FieldReading, useField } from './use-field.ts';

export default function Fields() {
  const app = useApp();
  const info = app.session.info.value;
  const look = fieldLook(app).value;
  const field = info?.fields.find(({ name }) => name === look.field) ?? info?.fields[0];
  const variables = field?.variables.filter(({ stored }) => stored !== false) ?? [];
  const variable = variables.find(({ name }) => name === look.variable) ?? variables[0];
  const { reading, course, failure } = useField(app, info, field, variable);
  const profile = useRef<uPlot | null>(null);
  const overTime = useRef<uPlot | null>(null);
  if (!info || !field || !variable) return <p class="quiet">This network has no fields.</p>;
  const unit = reading?.unit ?? variable.unit;
  const title = unit === '' ? variable.name : `${variable.name} (${unit})`;
  const change = (next: Partial<FieldLook>): void => {
    fieldLook(app).value = { ...fieldLook(app).value, ...next };
  };
  return (
    <div class="fields">
      <Controls
        fields={info.fields}
        field={field}
        variables={variables}
        variable={variable}
        look={look}
        reading={reading}
        change={change}
      />
      {failure !== '' && <p role="alert">The field could not be read: {failure}</p>}
      {!reading && failure === '' && <p class="quiet">Reading {title}…</p>}
      {reading && (
        <Reading
          field={field}
          variable={variable}
          title={title}
          reading={reading}
          look={look}
          change={change}
          profile={profile}
        />
      )}
      {reading && (
        <section aria-label="Over time">
          <PlotTools
            name={`${field.name}-${variable.name}`}
            plots={() => [profile.current, overTime.current]}
            columns={() => [
              { name: 'time (ms)', values: course.timesMs },
              { name: `mean of ${title}`, values: course.means },
              { name: `least ${title}`, values: course.mins },
              { name: `largest ${title}`, values: course.maxs },
            ]}
          >
            <h3>Mean, least and largest since the panel was opened</h3>
          </PlotTools>
          <CoursePlot course={course} title={title} handle={overTime} />
        </section>
      )}
    </div>
  );
}

interface ReadingProps {
  field: FieldInfo;
  variable: VariableInfo;
  title: string;
  reading: FieldReading;
  look: FieldLook;
  change: (next: Partial<FieldLook>) => void;
  profile: { current: uPlot | null };
}

/** What was read last: plane, colours, profile, numbers. */
function Reading({ field, variable, title, reading, look, change, profile }: ReadingProps) {
  const [cursor, setCursor] = useState<Place | null>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const cut = look.cut ?? firstCut(field);
  const plane = useMemo(
    () => cutPlane(reading.values, field.grid, cut),
    [reading, field, cut.across, cut.index],
  );
  const scale = useScale(reading, look, `${field.name}.${title}`);
  const long = longAxes(field).length;
  const line = clipped(look.line, plane);
  const values = useMemo(
    () => profileAlong(plane, field.spacingUm, line.from, line.to),
    [plane, field, line.from.u, line.from.v, line.to.u, line.to.v],
  );
  const { mean, min, max } = reading.moments;
  return (
    <div class="fields-columns">
      {long > 0 && (
        <figure class="fields-picture">
          <PlaneView
            label={`${title} in a plane ${describeCut(field, cut)}`}
            plane={plane}
            grid={field}
            scale={scale}
            map={look.map}
            smooth={look.smooth}
            line={long > 0 ? line : null}
            cursor={cursor}
            onCursor={setCursor}
            onLine={(next) => change({ line: next })}
            handle={picture}
          />
          <div class="fields-legend">
            <ColourBar scale={scale} map={look.map} title={title} />
            <output class="fields-voxel numbers">
              {cursor
                ? voxelText(field, cut, plane, cursor, variable.name, reading.unit)
                : 'Point at a voxel to read it.'}
            </output>
            <SaveButtons
              name={`${field.name}-plane`}
              layers={() => picture.current && [picture.current]}
              csv={() => csvOf(planeColumns(field, cut, plane, title))}
            />
          </div>
        </figure>
      )}
      <div class="fields-numbers">
        <dl class="figures">
          {(
            [
              ['Mean', mean],
              ['Least', min],
              ['Largest', max],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {formatValue(value)} {reading.unit}
              </dd>
            </div>
          ))}
          <div>
            <dt>At</dt>
            <dd>{formatTime(reading.timeMs)}</dd>
          </div>
        </dl>
        {long > 0 && (
          <>
            <h3>Along the line</h3>
            <ProfilePlot profile={values} title={title} handle={profile} />
            <p class="quiet small">Drag in the picture to draw a line; click to lay it across.</p>
          </>
        )}
      </div>
    </div>
  );
}

/** Every voxel of a plane: its middle and its value. */
function planeColumns(field: FieldInfo, cut: Cut, plane: Plane, title: string): readonly Column[] {
  const middles = Array.from(plane.values, (_, k) =>
    middleUm(field, voxelOf(cut, k % plane.width, Math.floor(k / plane.width))),
  );
  return [
    ...AXIS_NAMES.map((name, axis) => ({
      name: `${name} (um)`,
      values: middles.map((middle) => middle[axis]),
    })),
    { name: title, values: plane.values },
  ];
}

/** Fixed, or around the values: it stands still while they fit and fill a third of it. */
function useScale(reading: FieldReading, look: FieldLook, of: string): ValueScale {
  const steady = useMemo(() => steadyRange(), [of, look.log]);
  return useMemo(() => {
    if (look.fixed) return scaleOf(look.fixed, look.log);
    if (!look.log) {
      const { min, max } = reading.moments;
      const [low, high] = steady(finite(min), finite(max));
      // Concentrations are not negative: neither is their scale.
      return scaleOf({ min: min >= 0 ? Math.max(0, low) : low, max: high });
    }
    const range = rangeOf(reading.values, true);
    if (!range) return scaleOf(null, true);
    const [low, high] = steady(
      Math.log10(Math.max(range.min, range.max / 1e6)),
      Math.log10(range.max),
    );
    return scaleOf({ min: 10 ** low, max: 10 ** high }, true);
  }, [reading, look.fixed, look.log, steady]);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The chosen line as far as it lies in the plane; through its middle otherwise. */
function clipped(
  line: FieldLook['line'],
  { width, height }: Plane,
): NonNullable<FieldLook['line']> {
  const isInside = ({ u, v }: Place): boolean => u >= 0 && v >= 0 && u <= width && v <= height;
  if (line && isInside(line.from) && isInside(line.to)) return line;
  const row = Math.floor(height / 2) + 0.5;
  const column = Math.floor(width / 2) + 0.5;
  return width >= height
    ? { from: { u: 0, v: row }, to: { u: width, v: row } }
    : { from: { u: column, v: 0 }, to: { u: column, v: height } };
}

export function describeCut(field: FieldInfo, cut: Cut): string {
  const name = AXIS_NAMES[cut.across];
  const middle = middleUm(field, voxelOf(cut, 0, 0))[cut.across];
  return `at ${name} = ${formatValue(middle)} µm`;
}

function voxelText(
  field: FieldInfo,
  cut: Cut,
  plane: Plane,
  { u, v }: Place,
  name: string,
  unit: string,
): string {
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const voxel = voxelOf(cut, column, row);
  const value = plane.values[row * plane.width + column] ?? Number.NaN;
  const middle = middleUm(field, voxel).map(formatValue).join(', ');
  return `${name} = ${formatValue(value)}${unit === '' ? '' : ` ${unit}`} at (${middle}) µm, voxel (${voxel.join(', ')})`;
}

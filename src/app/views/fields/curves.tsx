/** Curves of the panel Fields: along the line, and over time with the window that all plots share. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { type Ink, onTheme, readInk } from '../plot/ink.ts';
import { axisLook, type Holder, NO_CURSOR, Plot, valueAxis } from '../plot/Plot.tsx';
import { steadyRange } from '../plot/range.ts';
import { TimePlot } from '../plot/TimePlot.tsx';
import { type Course, within } from './course.ts';
import type { Profile } from './slice.ts';

interface ProfileProps {
  profile: Profile;
  /** What, and its unit. */
  title: string;
  handle: Holder<uPlot | null>;
}

export function ProfilePlot({ profile, title, handle }: ProfileProps) {
  const range = useMemo(() => steadyRange(), [title]);
  return (
    <Plot
      label={`${title} along the line in the picture`}
      height={200}
      structure={title}
      subscribe={() => () => undefined}
      options={(ink) => ({
        legend: { show: false },
        cursor: { ...NO_CURSOR, show: false },
        padding: [8, 12, 0, 0],
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        axes: [
          { ...axisLook(ink), label: 'along the line (µm)', labelSize: 16, size: 24, gap: 2 },
          valueAxis(ink, title),
        ],
        series: [{}, { stroke: () => ink().accent, width: 2, points: { show: false } }],
      })}
      draw={(plot) => {
        const { distances, values } = profile;
        const numbers = [...values].filter(Number.isFinite);
        const low = numbers.length > 0 ? Math.min(...numbers) : null;
        const high = numbers.length > 0 ? Math.max(...numbers) : null;
        const [min, max] = notBelowZero(range, low, high);
        plot.setData([distances, values] as uPlot.AlignedData, false);
        plot.setScale('x', { min: 0, max: distances.at(-1) || 1 });
        plot.setScale('y', { min, max });
      }}
      handle={handle}
    />
  );
}

/** Concentrations are not negative: neither is their axis. */
function notBelowZero(
  range: (low: number | null, high: number | null) => [number, number],
  low: number | null,
  high: number | null,
): [number, number] {
  const [min, max] = range(low, high);
  return low !== null && low >= 0 ? [Math.max(0, min), max] : [min, max];
}

interface CourseProps {
  course: Course;
  title: string;
  handle: Holder<uPlot | null>;
}

export function CoursePlot({ course, title, handle }: CourseProps) {
  const element = useRef<HTMLDivElement>(null);
  const [ink, setInk] = useState<Ink | null>(null);
  useEffect(() => {
    const read = (): void => setInk(readInk(element.current as HTMLDivElement));
    read();
    return onTheme(read);
  }, []);
  const range = useMemo(() => steadyRange(), [title]);
  return (
    <div ref={element}>
      {ink && (
        <TimePlot
          label={`Mean, least and largest ${title} over time; the numbers are above`}
          height={170}
          value={title}
          series={[
            { name: 'mean', colour: ink.accent, width: 2 },
            { name: 'least', colour: ink.quiet, dash: [2, 3] },
            { name: 'largest', colour: ink.quiet, dash: [6, 3] },
          ]}
          data={({ fromMs, toMs }) => within(course, fromMs, toMs)}
          range={(low, high) => notBelowZero(range, low, high)}
          handle={handle}
        />
      )}
      <p class="quiet small fields-key">
        <span class="mean">mean</span> <span class="least">least</span>{' '}
        <span class="largest">largest</span>
      </p>
    </div>
  );
}

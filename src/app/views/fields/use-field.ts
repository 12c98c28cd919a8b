/** Values of a field, read from the worker a few times per second while the panel is open, with their course over time. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldInfo, NetworkInfo, VariableInfo } from '../../simulation/protocol.ts';
import type { App } from '../../state/app.ts';
import { addReading, type Course, createCourse } from './course.ts';
import { type Moments, momentsOf } from './slice.ts';
import { type ShownUnit, unitFor } from './units.ts';

export interface FieldReading {
  readonly values: Float64Array;
  readonly moments: Moments;
  readonly timeMs: number;
  /** Of the values and moments: "nM", "" without. */
  readonly unit: string;
}

const EVERY_MS = 250;
/** Reading takes at most this share of the time, however large the field is. */
const SHARE = 0.2;

export function useField(
  app: App,
  info: NetworkInfo | null,
  field: FieldInfo | undefined,
  variable: VariableInfo | undefined,
): { readonly reading: FieldReading | null; readonly course: Course; readonly failure: string } {
  const [reading, setReading] = useState<FieldReading | null>(null);
  const [failure, setFailure] = useState('');
  const course = useRef(createCourse());
  const owner = field?.name;
  const name = variable?.name;
  const unit = variable?.unit ?? '';
  useEffect(() => {
    setReading(null);
    setFailure('');
    course.current = createCourse();
    if (!info || owner === undefined || name === undefined) return;
    let readStep = -1;
    let shown: ShownUnit | null = null;
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function once(of: string, what: string): Promise<void> {
      const began = performance.now();
      const { step, timeMs } = app.session.run.value;
      if (!document.hidden && step !== readStep) {
        const values = await app.session.call(
          'values',
          unit === '' ? [of, what] : [of, what, unit],
        );
        if (ended) return;
        readStep = step;
        const before: ShownUnit | null = shown;
        shown = unitFor(unit, momentsOf(values).max, before);
        // Another unit begins another course.
        if (shown.factor !== before?.factor) course.current = createCourse();
        for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) * shown.factor;
        const moments = momentsOf(values);
        addReading(course.current, timeMs, moments);
        setReading({ values, moments, timeMs, unit: shown.unit });
      }
      const took = performance.now() - began;
      if (!ended) timer = setTimeout(() => go(of, what), Math.max(EVERY_MS, took / SHARE));
    }
    const go = (of: string, what: string): void => {
      once(of, what).catch((error: unknown) => {
        // A worker that was replaced says nothing new: the next network begins anew.
        if (!ended && error instanceof Error && error.name !== 'Closed') setFailure(error.message);
      });
    };
    go(owner, name);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [app, info, owner, name, unit]);
  return { reading, course: course.current, failure };
}

/** Values of a variable over all populations that have it, read a few times per second while they are looked at. */
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../../state/app.ts';
import type { Cloud } from './cloud.ts';
import type { ColourMapName } from './colour-maps.ts';
import type { ColourChoice } from './look.ts';
import type { ValueLook } from './painter.ts';
import { scaleOf, usualRange } from './value-scale.ts';

const EVERY_MS = 250;

/**
 * null without a choice or before the first answer. The range grows with what comes and never shrinks, so that a colour
 * means the same from picture to picture; another variable or network begins anew.
 */
export function useValues(
  app: App,
  cloud: Cloud | null,
  choice: ColourChoice | null,
  map: ColourMapName,
): ValueLook | null {
  const [read, setRead] = useState<Omit<ValueLook, 'map'> | null>(null);
  const name = choice?.name;
  const unit = choice?.unit;
  useEffect(() => {
    setRead(null);
    if (!cloud || !choice) return;
    let range: { min: number; max: number } | null = null;
    let readStep = -1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    async function once(): Promise<void> {
      const { step } = app.session.run.value;
      if (cloud && choice && !document.hidden && step !== readStep) {
        readStep = step;
        const values = await readAll(app, cloud, choice);
        if (ended) return;
        const found = usualRange(values);
        if (found) {
          range = {
            min: Math.min(found.min, range?.min ?? found.min),
            max: Math.max(found.max, range?.max ?? found.max),
          };
        }
        setRead({ values, scale: scaleOf(range) });
      }
      if (!ended) timer = setTimeout(go, EVERY_MS);
    }
    // The worker was replaced: another cloud begins anew.
    const go = (): void => void once().catch(() => undefined);
    go();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [app, cloud, name, unit]);
  return read && choice ? { ...read, map } : null;
}

async function readAll(app: App, cloud: Cloud, choice: ColourChoice): Promise<Float32Array> {
  const all = new Float32Array(cloud.neurons).fill(Number.NaN);
  for (const { name, first, placed } of cloud.populations) {
    if (!placed || !choice.populations.includes(name)) continue;
    const values = await app.session.call(
      'values',
      choice.unit === '' ? [name, choice.name] : [name, choice.name, choice.unit],
    );
    all.set(values, first);
  }
  return all;
}

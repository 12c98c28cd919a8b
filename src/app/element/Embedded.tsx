/** What stands inside a <wetware-network>: title, the controls that were asked for, the live raster, rates in words. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { Failed } from '../shell/Failed.tsx';
import { formatPace, formatTime } from '../shell/format.ts';
import { Transport } from '../shell/Header.tsx';
import { rateBinMs } from '../simulation/protocol.ts';
import { paceOf } from '../state/session.ts';
import { RasterView } from '../views/raster/RasterView.tsx';

/** Parts that the attribute `controls` may name. */
export const CONTROLS = ['play', 'reset', 'rate', 'time', 'title'] as const;
export type Control = (typeof CONTROLS)[number];

export function Embedded({ controls, link }: { controls: readonly Control[]; link: string }) {
  const { session, project } = useApp();
  const info = session.info.value;
  const pace = paceOf(project.value.run.pace, info);
  const has = (control: Control): boolean => controls.includes(control);
  const { timeMs, realtimeFactor } = session.run.value;
  return (
    <div class="embedded">
      <div class="head">
        {(has('play') || has('reset')) && <Transport only={controls} />}
        {has('title') && <span class="title">{info?.title ?? 'wetware'}</span>}
        {has('time') && (
          <span class="numbers small">
            {formatTime(timeMs)}, {formatPace(pace, realtimeFactor)}
          </span>
        )}
        {link !== '' && (
          <a class="small" href={link} target="_blank" rel="noopener">
            Open in wetware
          </a>
        )}
      </div>
      <Failed />
      {session.building.value && !info && <p class="quiet small">Building…</p>}
      <RasterView />
      {has('rate') && <RatesInWords />}
    </div>
  );
}

/** Mean rates of about the last half second, twice a second. */
function RatesInWords() {
  const { session } = useApp();
  const info = session.info.value;
  const [rates, setRates] = useState<readonly number[]>([]);
  useEffect(() => {
    if (!info) return;
    const count = info.populations.length;
    const spikes = info.populations.map(() => 0);
    let firstBin = -1;
    return session.onProgress(({ rateCounts, firstBin: began }) => {
      if (firstBin < 0) firstBin = began;
      const bins = rateCounts.length / count - 1;
      for (let bin = 0; bin < bins; bin++) {
        for (let k = 0; k < count; k++) {
          spikes[k] = (spikes[k] ?? 0) + (rateCounts[bin * count + k] ?? 0);
        }
      }
      const seconds = ((began + bins - firstBin) * rateBinMs(info.dtMs)) / 1000;
      if (seconds < 0.5) return;
      setRates(info.populations.map(({ size }, k) => (spikes[k] ?? 0) / (size * seconds)));
      spikes.fill(0);
      firstBin = began + bins;
    });
  }, [session, info]);
  if (!info) return null;
  return (
    <ul class="rates numbers small" aria-label="Rates">
      {info.populations.slice(0, 12).map(({ name }, k) => (
        <li key={name}>
          {name}: {rates[k] === undefined ? '–' : `${rates[k].toFixed(1)} spikes/s`}
        </li>
      ))}
    </ul>
  );
}

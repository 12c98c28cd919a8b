/** A colour bar with its ticks and unit, for anything that is coloured by a value. */
import './colour-bar.css';
import { type ColourMapName, cssGradient } from './colour-maps.ts';
import { ticksOf, type ValueScale } from './value-scale.ts';

export function ColourBar({
  scale,
  map,
  title,
}: {
  scale: ValueScale;
  map: ColourMapName;
  /** What and in which unit: "v (mV)". */
  title: string;
}) {
  const ticks = ticksOf(scale, 5);
  const text = `Colours from ${ticks[0]?.text ?? scale.min} (dark blue) to ${ticks.at(-1)?.text ?? scale.max} (yellow)`;
  return (
    <figure class="colour-bar">
      <figcaption>{title}</figcaption>
      <div
        class="colour-bar-colours"
        role="img"
        aria-label={`${title}. ${text}${scale.log ? ', logarithmic' : ''}.`}
        style={{ background: cssGradient(map, 'to right') }}
      />
      <div class="colour-bar-ticks" aria-hidden="true">
        {ticks.map(({ value, fraction, text: label }) => (
          <span
            key={value}
            class={sideOf(fraction)}
            style={{ left: `${100 * Math.min(1, Math.max(0, fraction))}%` }}
          >
            {label}
          </span>
        ))}
      </div>
    </figure>
  );
}

/** Numbers at the ends stay inside. */
const sideOf = (fraction: number): string =>
  fraction < 0.04 ? 'first' : fraction > 0.96 ? 'last' : '';

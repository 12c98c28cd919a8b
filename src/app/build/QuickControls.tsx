/** Two or three big sliders over the picture for what matters most: excitation, inhibition, drive. They act at once. */
import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { baselineOf } from './baseline.ts';
import { shownQuantity, splitQuantity } from './edits/quantity-text.ts';
import type { IconName } from './Icon.tsx';
import { moveTo, positionOf, withRoom } from './quick/apply.ts';
import { controlsOf, type QuickControl, valueNow } from './quick/controls.ts';
import { FactorSlider } from './quick/FactorSlider.tsx';
import './build.css';

const ICONS: Readonly<Record<QuickControl['id'], IconName>> = {
  excitation: 'excitatory',
  inhibition: 'inhibitory',
  drive: 'input',
  coupling: 'projection',
  noise: 'recording',
};

export default function QuickControls() {
  const app = useApp();
  const shown = useComputed(() => {
    const { document } = app.project.value;
    const base = baselineOf(app);
    return document === null || base === null
      ? null
      : { document, controls: controlsOf(document, base) };
  });
  const last = useRef({ label: '', merge: '' });
  // Weights that grow past what the running network was built for: the next one has room for all positions.
  useEffect(
    () =>
      app.session.onRefused(() => {
        const { document } = app.project.value;
        if (document === null || shown.value === null) return false;
        const roomy = withRoom(document, shown.value.controls);
        if (roomy === document) return false;
        app.edit(last.current.label || 'Larger weights', () => roomy, last.current.merge);
        return true;
      }),
    [app, shown],
  );
  if (shown.value === null || shown.value.controls.length === 0) return null;
  const { document, controls } = shown.value;
  return (
    <section class="quick-controls" aria-label="Quick controls">
      {controls.map((control) => {
        const position = positionOf(document, control);
        if (position === null) return null;
        const { range, targets } = control;
        const isFactor = range.kind === 'factor';
        const usual = isFactor ? 1 : (splitQuantity(targets[0]?.base ?? 0)?.number ?? 0);
        const [low, high] = isFactor ? [range.least ?? 0, range.most] : [range.low, range.high];
        const [first] = targets;
        const value = first && valueNow(document, first);
        const inUnit = value === undefined || targets.length > 1 ? '' : shownQuantity(value, 4);
        const factor = isFactor ? `× ${Number(position.toFixed(2))}` : '';
        return (
          <FactorSlider
            key={control.id}
            title={control.title}
            icon={ICONS[control.id]}
            value={position}
            min={Math.min(low, position)}
            max={Math.max(high, position)}
            step={isFactor ? 0.05 : stepFor(high - low)}
            usual={usual}
            factor={position === 1 && inUnit !== '' ? '' : factor}
            inUnit={inUnit}
            about={aboutOf(control)}
            change={(next, gesture) => {
              const label = isFactor
                ? `${control.title} × ${next}`
                : `Change ${control.title.toLowerCase()}`;
              const merge = gesture === '' ? '' : `quick ${control.id} ${gesture}`;
              last.current = { label, merge };
              app.edit(label, (old) => moveTo(old, control, next), merge);
            }}
          />
        );
      })}
    </section>
  );
}

/** About a hundredth of the range: 1, 2 or 5 of a power of ten. */
function stepFor(range: number): number {
  const tens = 10 ** Math.floor(Math.log10(range / 100));
  return [5, 2, 1].map((one) => one * tens).find((step) => step <= range / 100) ?? tens;
}

function aboutOf({ targets }: QuickControl): string {
  const names = [
    ...new Set(targets.map(({ owner, name }) => (owner === '' ? name : `${owner}: ${name}`))),
  ];
  return names.length > 4
    ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
    : names.join(', ');
}

/** A big slider for one parameter, which acts on the running network. */
import { setParam } from '../build/edits/set.ts';
import { useApp } from '../shell/context.ts';
import type { LessonControl } from './lesson.ts';
import type { LiveWatch } from './watch.ts';

export function ParameterSlider({ control, watch }: { control: LessonControl; watch: LiveWatch }) {
  const app = useApp();
  const { owner, kind, parameter, title, unit, min, max, step, sign } = control;
  const value = watch.parameter(owner, parameter, unit);
  const mark = sign === 'excitatory' ? '▲ ' : sign === 'inhibitory' ? '● ' : '';
  return (
    <label class={`lesson-slider ${sign ?? ''}`}>
      <span>
        {mark}
        {title}
      </span>
      <input
        type="range"
        name={parameter}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={`${value} ${unit}`}
        onInput={({ currentTarget }) => {
          const next = Number(currentTarget.value);
          const quantity = unit === '' ? next : `${next} ${unit}`;
          app.edit(
            `${title} ${quantity}`,
            (document) => setParam(document, kind, owner, parameter, quantity),
            `lesson ${owner} ${parameter}`,
          );
        }}
      />
      <output class="numbers">
        {value} {unit}
      </output>
    </label>
  );
}

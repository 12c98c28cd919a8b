/** A big slider for one thing that matters: its mark, its name, where it stands, and the way back. */
import { useRef } from 'preact/hooks';
import { Icon, type IconName } from '../Icon.tsx';

interface FactorSliderProps {
  readonly title: string;
  readonly icon: IconName;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where it stood first, and goes back to. */
  readonly usual: number;
  /** "× 1.5", or '' where the value alone says it. */
  readonly factor: string;
  /** "9 nS", or ''. Not shown where there is no room beside the factor. */
  readonly inUnit: string;
  /** What it changes, for the tooltip. */
  readonly about: string;
  /** `gesture` is the same for all changes of one drag. */
  readonly change: (value: number, gesture: string) => void;
}

let gestures = 0;

export function FactorSlider(props: FactorSliderProps) {
  const { title, icon, value, min, max, step, usual, factor, inUnit, about, change } = props;
  const gesture = useRef('');
  const isUsual = Math.abs(value - usual) < step / 2;
  return (
    <div class="quick" title={about}>
      <div class="quick-head">
        <Icon name={icon} />
        <span class="quick-title">{title}</span>
        <output class="quick-value">
          {factor}
          {inUnit !== '' && (
            <span class={factor === '' ? '' : 'quick-unit'}>
              {factor === '' ? '' : ' · '}
              {inUnit}
            </span>
          )}
        </output>
      </div>
      <div class="quick-row">
        <input
          type="range"
          class={`quick-slider of-${icon}`}
          aria-label={title}
          aria-valuetext={[factor, inUnit].filter((one) => one !== '').join(', ')}
          min={min}
          max={max}
          step={step}
          value={value}
          onPointerDown={() => {
            gesture.current = `drag ${++gestures}`;
          }}
          onInput={({ currentTarget }) => {
            gesture.current ||= `key ${++gestures}`;
            change(Number(currentTarget.value), gesture.current);
          }}
          onBlur={() => {
            gesture.current = '';
          }}
        />
        <button
          type="button"
          class="reset"
          aria-label={`Reset ${title}`}
          title={`Reset ${title}`}
          style={{ visibility: isUsual ? 'hidden' : 'visible' }}
          onClick={() => {
            gesture.current = '';
            change(usual, '');
          }}
        >
          ↺
        </button>
      </div>
    </div>
  );
}

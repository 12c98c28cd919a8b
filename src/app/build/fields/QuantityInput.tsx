/**
 * A quantity: its text with unit, checked as it is typed; arrow keys; a slider as far as a range is known or can be
 * guessed; the default, and the way back to it.
 */
import { useRef } from 'preact/hooks';
import type { Quantity } from '../../../index.ts';
import type { QuantityRule } from '../../tools/library.ts';
import {
  asQuantity,
  joinQuantity,
  nudged,
  sameQuantity,
  shownQuantity,
  splitQuantity,
} from '../edits/quantity-text.ts';
import { checkQuantity } from '../library.ts';
import { Reset, TextInput } from './inputs.tsx';
import { sliderRange } from './slider-range.ts';

interface QuantityInputProps {
  readonly title: string;
  readonly about: string;
  readonly value: Quantity;
  readonly rule: QuantityRule;
  /** The default, and what it is called. */
  readonly usual?: Quantity | undefined;
  readonly usualIs?: string;
  /** Default of the model, where it is another one. */
  readonly modelValue?: Quantity | undefined;
  /** Bounds in the unit of `usual`. */
  readonly low?: number | null;
  readonly high?: number | null;
  /** The lower bound itself is not allowed. */
  readonly isOpen?: boolean;
  /** With a slider. */
  readonly slides?: boolean;
  /** `gesture` is the same for all changes of one drag. */
  readonly change: (value: Quantity, gesture: string) => void;
}

let gestures = 0;

export function QuantityInput(props: QuantityInputProps) {
  const { title, about, value, rule, usual, usualIs = 'default', slides = false, change } = props;
  const gesture = useRef('');
  const parts = splitQuantity(value);
  const usualParts = usual === undefined ? null : splitQuantity(usual);
  const isUsual = usual === undefined || sameQuantity(value, usual);
  const range =
    slides && parts
      ? sliderRange(parts.number, usualParts?.unit === parts.unit ? usualParts.number : null, {
          low: usualParts?.unit === parts.unit ? (props.low ?? null) : null,
          high: usualParts?.unit === parts.unit ? (props.high ?? null) : null,
          unit: parts.unit,
          isOpen: props.isOpen ?? false,
        })
      : null;
  const put = (next: Quantity | null, key = ''): void => {
    if (next !== null && !sameQuantity(next, value)) change(next, key);
  };
  const checked = async (next: Quantity | null): Promise<void> => {
    if (next === null || (await checkQuantity(next, rule)) !== '') return;
    gesture.current ||= `key ${++gestures}`;
    put(next, gesture.current);
  };
  return (
    <div class={slides ? 'quantity slides' : 'quantity'}>
      <TextInput
        title={title}
        about={about}
        facts={factsOf(rule, usual, usualIs, props.modelValue)}
        value={shownQuantity(value)}
        check={(text) => checkQuantity(asQuantity(text), rule)}
        change={(text) => {
          gesture.current = '';
          put(asQuantity(text));
        }}
        nudge={(steps) => void checked(nudged(value, steps, range?.scale))}
        aside={
          isUsual ? (
            <span class="reset" aria-hidden="true" />
          ) : (
            <Reset
              title={title}
              to={`${usualIs}, ${usual}`}
              act={() => {
                gesture.current = '';
                if (usual !== undefined) put(usual);
              }}
            />
          )
        }
      />
      {range && parts && (
        <input
          type="range"
          class="quantity-slider"
          aria-label={`${title}, slider`}
          aria-valuetext={shownQuantity(value)}
          min={range.low}
          max={range.high}
          step={range.step}
          value={parts.number}
          onPointerDown={() => {
            gesture.current = `drag ${++gestures}`;
          }}
          onInput={({ currentTarget }) => {
            gesture.current ||= `key ${++gestures}`;
            put(joinQuantity({ ...parts, number: Number(currentTarget.value) }), gesture.current);
          }}
          onBlur={() => {
            gesture.current = '';
          }}
        />
      )}
    </div>
  );
}

/** Default and range, in words. */
function factsOf(
  { min, max, above }: QuantityRule,
  usual: Quantity | undefined,
  usualIs: string,
  modelValue: Quantity | undefined,
): string | undefined {
  const low = min ?? above;
  const range =
    low != null && max != null
      ? `${low} … ${max}`
      : low != null
        ? `${above != null ? 'above' : 'at least'} ${low}`
        : max != null
          ? `at most ${max}`
          : '';
  const facts = [
    range,
    usual === undefined ? '' : `${usualIs} ${shownQuantity(usual)}`,
    modelValue === undefined ? '' : `model ${modelValue}`,
  ];
  return facts.filter((one) => one !== '').join(' · ') || undefined;
}

/**
 * Fields of the inspector: a name, what it means, a control, what is wrong with what is typed. They keep what is being
 * typed and hand on what is right, on Enter and when they lose the focus; Esc takes it back.
 */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface FieldProps {
  readonly title: string;
  /** One line. */
  readonly about?: string;
  readonly problem?: string;
  readonly id: string;
  readonly children: ComponentChildren;
  /** Beside the control: a reset button. */
  readonly aside?: ComponentChildren;
  /** Default, range. */
  readonly facts?: ComponentChildren;
  /** Controls that need the whole width stand under the name. */
  readonly wide?: boolean;
  /** The name is for readers of screens only. */
  readonly isBare?: boolean;
}

/** Name, control and meaning of one parameter. */
export function Field(props: FieldProps) {
  const { title, about, problem, id, children, aside, facts, wide, isBare } = props;
  return (
    <div class={wide || isBare ? 'field wide' : 'field'}>
      <label for={id} class={isBare ? 'visually-hidden' : 'field-name'}>
        {title}
      </label>
      <div class="field-control">
        {children}
        {aside}
      </div>
      {(about !== undefined && about !== '') || facts ? (
        <p class="field-about" id={`${id}-about`}>
          {about}
          {facts && <span class="field-facts">{facts}</span>}
        </p>
      ) : null}
      {problem !== undefined && problem !== '' && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/**
 * What is being typed, until it is taken or given up. It belongs to the value that stood there when the typing began:
 * another one from elsewhere (undo, a slider) ends it, and one that was just taken does not end what is typed after it.
 */
export function useDraft(value: string, take: (text: string) => void) {
  const draft = useSignal<{ readonly text: string; readonly of: string } | null>(null);
  const typed = draft.value?.of === value ? draft.value.text : null;
  return {
    text: typed ?? value,
    isTyped: typed !== null,
    type: (text: string): void => {
      draft.value = { text, of: value };
    },
    give: (): void => {
      if (typed === null || typed === value) draft.value = null;
      else take(typed);
    },
    drop: (): void => {
      draft.value = null;
    },
  };
}

interface CommonProps {
  readonly title: string;
  readonly about?: string;
  readonly aside?: ComponentChildren;
  readonly facts?: ComponentChildren;
}

interface TextInputProps extends CommonProps {
  readonly value: string;
  readonly placeholder?: string;
  readonly problem?: string;
  /** Looks at what is typed, as it is typed; '' when nothing is wrong. */
  readonly check?: (text: string) => Promise<string> | string;
  readonly change: (text: string) => void;
  readonly list?: readonly string[];
  readonly lines?: number;
  readonly wide?: boolean;
  readonly isBare?: boolean;
  /** Arrow up and down. */
  readonly nudge?: (steps: number) => void;
}

export function TextInput(props: TextInputProps) {
  const { title, about, value, placeholder = '', check, change, list, lines = 1, nudge } = props;
  const id = useId();
  const problem = useSignal('');
  const asked = useRef(0);
  const { text, isTyped, type, give, drop } = useDraft(value, (typed) => {
    // What was wrong a moment ago is looked at again by whoever takes it.
    void accept(typed);
  });
  const accept = async (typed: string): Promise<void> => {
    const found = check ? await check(typed) : '';
    problem.value = found;
    if (found === '') change(typed);
  };
  const look = (typed: string): void => {
    type(typed);
    if (!check) return;
    const turn = ++asked.current;
    void Promise.resolve(check(typed)).then((found) => {
      if (turn === asked.current) problem.value = found;
    });
  };
  const shared = {
    id,
    value: text,
    placeholder,
    'aria-invalid': isTyped && problem.value !== '',
    'aria-describedby': `${id}-about`,
    spellcheck: false,
    autocomplete: 'off',
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => look(currentTarget.value),
    onBlur: give,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape' && isTyped) {
        event.stopPropagation();
        problem.value = '';
        drop();
      } else if (event.key === 'Enter' && (lines === 1 || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        give();
      } else if (nudge && !isTyped && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        event.preventDefault();
        nudge((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
      }
    },
  };
  return (
    <Field
      title={title}
      id={id}
      problem={props.problem || (isTyped ? problem.value : '')}
      {...(about !== undefined && { about })}
      {...(props.facts !== undefined && { facts: props.facts })}
      {...(props.aside !== undefined && { aside: props.aside })}
      {...((props.wide || lines > 1) && { wide: true })}
      isBare={props.isBare ?? false}
    >
      {lines > 1 ? (
        <textarea {...shared} rows={lines} />
      ) : (
        <input type="text" {...shared} {...(list && { list: `${id}-list` })} />
      )}
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

interface NumberInputProps extends CommonProps {
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** Looks at a number in the range; '' when nothing is wrong. */
  readonly check?: (value: number) => Promise<string> | string;
  readonly change: (value: number) => void;
}

/** A number without unit. */
export function NumberInput(props: NumberInputProps) {
  const { title, about, value, min, max, integer = false, change } = props;
  const check = (text: string): string => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) return `${title} must be a number.`;
    if (integer && !Number.isInteger(number)) return `${title} must be a whole number.`;
    if (min !== undefined && number < min) return `${title} must be at least ${min}.`;
    return max !== undefined && number > max ? `${title} must be at most ${max}.` : '';
  };
  return (
    <TextInput
      title={title}
      value={String(value)}
      check={(text) => check(text) || (props.check?.(Number(text)) ?? '')}
      change={(text) => change(Number(text))}
      nudge={(steps) => {
        const step = integer
          ? 1
          : 10 ** (Math.floor(Math.log10(Math.abs(value) || 0.1) + 1e-9) - 1);
        const next = Number((Math.round(value / step + steps) * step).toPrecision(8));
        if (check(String(next)) === '') change(next);
      }}
      {...(about !== undefined && { about })}
      {...(props.facts !== undefined && { facts: props.facts })}
      {...(props.aside !== undefined && { aside: props.aside })}
    />
  );
}

interface CheckProps extends CommonProps {
  readonly value: boolean;
  readonly change: (value: boolean) => void;
}

export function Check({ title, about, value, change, aside }: CheckProps) {
  const id = useId();
  return (
    <Field title={title} id={id} {...(about !== undefined && { about })} aside={aside}>
      <input
        type="checkbox"
        id={id}
        checked={value}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
    </Field>
  );
}

interface SelectProps extends CommonProps {
  readonly value: string;
  readonly choices: readonly (string | readonly [value: string, title: string])[];
  readonly change: (value: string) => void;
  readonly problem?: string;
}

export function Select({
  title,
  about,
  value,
  choices,
  change,
  aside,
  problem,
  facts,
}: SelectProps) {
  const id = useId();
  const all = choices.map((one) => (typeof one === 'string' ? ([one, one] as const) : one));
  const shown = all.some(([one]) => one === value) ? all : [[value, value] as const, ...all];
  return (
    <Field
      title={title}
      id={id}
      aside={aside}
      facts={facts}
      {...(about !== undefined && { about })}
      {...(problem !== undefined && { problem })}
    >
      <select id={id} value={value} onChange={({ currentTarget }) => change(currentTarget.value)}>
        {shown.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Puts back the default; shown where the value is another one. */
export function Reset({ title, to, act }: { title: string; to: string; act: () => void }) {
  return (
    <button
      type="button"
      class="reset"
      aria-label={`Reset ${title} to ${to}`}
      title={`Reset to ${to}`}
      onClick={act}
    >
      ↺
    </button>
  );
}

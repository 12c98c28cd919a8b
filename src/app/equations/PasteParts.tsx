/** What is shown beside a pasted text: fields for what equations alone do not say, problems by line, and the summary. */
import { useEffect, useState } from 'preact/hooks';
import type { NetworkDocument } from '../../index.ts';
import { formatBytes, formatNumber } from '../shell/format.ts';
import type { BareOptions } from '../tools/bare-equations.ts';
import { callTool } from '../tools/client.ts';
import type { NetworkSize } from '../tools/equations.ts';
import type { MissingParameter, Pasted, PasteProblem } from '../tools/paste.ts';

export function BareFields({
  options,
  missing,
  change,
}: {
  options: BareOptions;
  missing: readonly MissingParameter[];
  change: (options: BareOptions) => void;
}) {
  const text = (
    name: 'threshold' | 'reset' | 'refractory' | 'onPre',
    title: string,
    hint: string,
  ) => (
    <label>
      {title}
      <input
        value={options[name]}
        placeholder={hint}
        onInput={({ currentTarget }) => change({ ...options, [name]: currentTarget.value })}
      />
    </label>
  );
  return (
    <section class="paste-fields" aria-label="What the equations do not say">
      <div class="paste-grid">
        <label>
          Neurons
          <input
            type="number"
            min="1"
            max="10000000"
            value={options.size}
            onInput={({ currentTarget }) => {
              const size = currentTarget.valueAsNumber;
              if (Number.isInteger(size) && size > 0) change({ ...options, size });
            }}
          />
        </label>
        {text('threshold', 'Threshold', 'v > V_t')}
        {text('reset', 'Reset', 'v = V_r')}
        {text('refractory', 'Refractory', '5*ms')}
        {text('onPre', 'Synapses do', 'v += 0.5*mV')}
        {options.onPre.trim() !== '' && (
          <label>
            Probability
            <input
              type="number"
              min="0"
              max="1"
              step="0.01"
              value={options.p}
              onInput={({ currentTarget }) => {
                const p = currentTarget.valueAsNumber;
                if (p >= 0 && p <= 1) change({ ...options, p });
              }}
            />
          </label>
        )}
      </div>
      {missing.length > 0 && (
        <>
          <h3>Parameters</h3>
          <p class="quiet small">
            The equations use these names. Units fit; the values are guesses: put in yours.
          </p>
          <div class="paste-grid">
            {missing.map(({ name, guess }) => (
              <label key={name}>
                <code>{name}</code>
                <input
                  value={String(options.params[name] ?? guess)}
                  onChange={({ currentTarget }) => {
                    const value = currentTarget.value.trim();
                    const { [name]: _, ...rest } = options.params;
                    const number = Number(value);
                    const params =
                      value === ''
                        ? rest
                        : { ...rest, [name]: Number.isFinite(number) ? number : value };
                    change({ ...options, params });
                  }}
                />
              </label>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

export function PasteProblems({
  problems,
  canOpen,
  goTo,
}: {
  problems: readonly PasteProblem[];
  canOpen: boolean;
  goTo: (line: number, column: number) => void;
}) {
  const title = canOpen
    ? 'Not supported, and left out'
    : problems.length === 1
      ? 'One thing to put right'
      : `${problems.length} things to put right`;
  return (
    <section class="equations" aria-label={title}>
      <h3>{title}</h3>
      <ul class="problems">
        {problems.map(({ line, column, message, excerpt }) => (
          <li class={canOpen ? 'problem mild' : 'problem'} key={`${line} ${column} ${message}`}>
            {line > 0 && (
              <button type="button" class="plain small" onClick={() => goTo(line, column)}>
                Line {line}
              </button>
            )}
            {excerpt !== '' && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, so keys must reach it.
              <pre tabIndex={0}>{excerpt}</pre>
            )}
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Summary({ read: { summary, notes, duration, document } }: { read: Pasted }) {
  if (summary === null) return null;
  const { populations, projections, others, parameters } = summary;
  return (
    <section class="paste-summary" aria-label="What was found">
      <h3>Found</h3>
      <dl>
        {populations.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {projections.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {parameters.length > 0 && (
        <details open={parameters.length <= 12}>
          <summary>
            {parameters.length === 1 ? 'One parameter' : `${parameters.length} parameters`}
          </summary>
          <p class="paste-parameters">
            {parameters.map(({ name, value }) => (
              <code key={name}>
                {name} = {value}
              </code>
            ))}
          </p>
        </details>
      )}
      {document && <Size document={document} />}
      <p class="quiet small">
        {[...others, ...(duration === null ? [] : [`the script runs ${duration}`])].join(' · ')}
      </p>
      {notes.map((note) => (
        <p class="quiet small" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}

/** How large the network will be: counted when nobody has typed for a while, because it may take a second. */
function Size({ document }: { document: NetworkDocument }) {
  const [size, setSize] = useState<NetworkSize | null>(null);
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(() => {
      callTool('sizeOfNetwork', [document]).then(
        (counted) => {
          if (!isOld) setSize(counted);
        },
        // What is wrong with it is shown where it is opened.
        () => undefined,
      );
    }, 700);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [document]);
  if (size === null) return null;
  return (
    <p class="paste-size">
      {formatNumber(size.neurons)} neurons, {formatNumber(size.synapses)} synapses,{' '}
      {formatBytes(size.bytes)}
    </p>
  );
}

/** What is wrong with a text, as the command line prints it: source line, caret, what was found, what to write. */
import { useState } from 'preact/hooks';
import type { Quantity } from '../../index.ts';
import type { ShownProblem } from '../tools/equations.ts';

export function Problems({
  problems,
  addParameter,
}: {
  problems: readonly ShownProblem[];
  /** null where there is nobody who could have one more. */
  addParameter: ((name: string, value: Quantity) => void) | null;
}) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((problem) => (
        <li class="problem" key={`${problem.block} ${problem.line} ${problem.column}`}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, so keys must reach it. */}
          <pre tabIndex={0}>{problem.excerpt}</pre>
          <p>
            <span class="visually-hidden">{problem.where}: </span>
            {problem.message}
          </p>
          {problem.hint !== '' && !problem.message.includes(problem.hint) && (
            <p class="small">{problem.hint}</p>
          )}
          {problem.code === 'unknown-name' && addParameter !== null && (
            <NewParameter name={problem.found} add={addParameter} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** An unknown name may be a parameter that is still to be given. */
function NewParameter({
  name,
  add,
}: {
  name: string;
  add: (name: string, value: Quantity) => void;
}) {
  const [value, setValue] = useState('');
  const isComplete = /^[-+]?(\d|\.\d)/.test(value.trim());
  const submit = (): void => {
    const number = Number(value);
    if (isComplete) add(name, Number.isFinite(number) ? number : value.trim());
  };
  return (
    <div class="fix">
      <label>
        {name} =
        <input
          value={value}
          placeholder="20 ms"
          onInput={({ currentTarget }) => setValue(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === 'Enter') submit();
          }}
        />
      </label>
      <button type="button" disabled={!isComplete} onClick={submit}>
        Make it a parameter
      </button>
    </div>
  );
}

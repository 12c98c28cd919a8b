/**
 * Sheet "Paste from Brian 2": a script, or equations alone, read as data in the tools worker while it is typed; what was
 * found, what is wrong with a caret, what is not supported by line, and the network to open.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { newProject } from '../state/project.ts';
import { type BareOptions, NO_OPTIONS } from '../tools/bare-equations.ts';
import { callTool } from '../tools/client.ts';
import type { Pasted } from '../tools/paste.ts';
import CodeField, { type Mark } from './CodeField.tsx';
import './equations.css';
import './paste.css';
import { BareFields, PasteProblems, Summary } from './PasteParts.tsx';
import { SCRIPT_EXAMPLE } from './script-example.ts';

/** How long nobody types before the text is read, ms. */
const PAUSE_MS = 250;

export default function Paste() {
  const app = useApp();
  const [text, setText] = useState('');
  const [options, setOptions] = useState<BareOptions>(NO_OPTIONS);
  const [read, setRead] = useState<Pasted | null>(null);
  const [isReading, setReading] = useState(false);
  const [failure, setFailure] = useState('');
  const [place, setPlace] = useState<{ line: number; column: number } | null>(null);
  useEffect(() => {
    let isOld = false;
    setReading(true);
    const timer = setTimeout(() => {
      callTool('readPasted', [text, options]).then(
        (answer) => {
          if (isOld) return;
          setRead(answer);
          setReading(false);
          setFailure('');
        },
        (error: unknown) => {
          if (isOld) return;
          setReading(false);
          setFailure(error instanceof Error ? error.message : String(error));
        },
      );
    }, PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, options]);
  const marks = useMemo(() => marksOf(read), [read]);
  const open = (): void => {
    if (read?.document == null || isReading) return;
    const origin = read.kind === 'script' ? 'Brian 2 script' : 'pasted equations';
    app.open(newProject({ source: { kind: 'document', origin }, document: read.document }));
    // What is usually changed next, its size, is in the inspector.
    const [first] = read.document.populations;
    app.selection.value = first ? { kind: 'population', name: first.name } : { kind: 'network' };
    app.sheet.value = '';
  };
  return (
    <div class="paste">
      <div class="paste-text">
        <p class="quiet small">
          A whole script, or equations alone. It is read, not run: nothing in it is executed.
        </p>
        <CodeField
          label="Brian 2 script or equations"
          text={text}
          language="python"
          showsLines
          marks={marks}
          placeholder={'Paste here: a script, or\ndv/dt = (E_L - v + R*I)/tau_m : volt'}
          onChange={setText}
          onSubmit={open}
          goTo={place}
        />
        {text === '' && (
          <button type="button" class="small" onClick={() => setText(SCRIPT_EXAMPLE)}>
            Show me with an example
          </button>
        )}
      </div>
      <div class="paste-result" aria-live="polite">
        {failure !== '' && <p role="alert">{failure}</p>}
        {read?.kind === 'equations' && (
          <BareFields options={options} missing={read.missing} change={setOptions} />
        )}
        {read !== null && read.problems.length > 0 && (
          <PasteProblems
            problems={read.problems}
            canOpen={read.document !== null}
            goTo={(line, column) => setPlace({ line, column })}
          />
        )}
        {read?.summary && <Summary read={read} />}
        {read?.document && (
          <p class="paste-open">
            <button type="button" class="primary" onClick={open} disabled={isReading}>
              Open this network <kbd>Ctrl ⏎</kbd>
            </button>
            {read.problems.length > 0 && (
              <span class="quiet small">without what is not supported</span>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

function marksOf(read: Pasted | null): readonly Mark[] {
  if (read === null) return [];
  return read.problems
    .filter(({ line }) => line > 0)
    .map(({ line, column, length, message }) => ({
      line,
      column,
      length,
      message,
      severity: read.document === null ? 'error' : 'warning',
    }));
}

/** Panel Code: the same network in five languages, to read, copy and save. Written in the tools worker when asked for. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { callTool } from '../tools/client.ts';
import type { CodeLanguage, Code as Written } from '../tools/code.ts';
import CodeField, { type CodeFieldProps } from './CodeField.tsx';
import './equations.css';
import './paste.css';

const LANGUAGES: readonly {
  readonly name: CodeLanguage;
  readonly title: string;
  readonly colours: CodeFieldProps['language'];
  readonly type: string;
}[] = [
  { name: 'typescript', title: 'TypeScript', colours: 'typescript', type: 'text/plain' },
  { name: 'brian2', title: 'Brian 2', colours: 'python', type: 'text/x-python' },
  { name: 'pynn', title: 'PyNN', colours: 'python', type: 'text/x-python' },
  { name: 'json', title: 'JSON', colours: 'json', type: 'application/json' },
  { name: 'wgsl', title: 'WGSL', colours: 'wgsl', type: 'text/plain' },
];

/** Characters that are shown; copies and files have all. */
const MOST_SHOWN = 150_000;

export default function Code() {
  const app = useApp();
  const { document } = app.project.value;
  const [language, setLanguage] = useState<CodeLanguage>('typescript');
  const [written, setWritten] = useState<{ of: CodeLanguage; code: Written } | null>(null);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    if (document === null) return;
    let isOld = false;
    setFailure('');
    callTool('codeOf', [document, language]).then(
      (code) => {
        if (!isOld) setWritten({ of: language, code });
      },
      (error: unknown) => {
        if (!isOld) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isOld = true;
    };
  }, [document, language]);
  const look = LANGUAGES.find(({ name }) => name === language);
  const code = written?.of === language ? written.code : null;
  return (
    <div class="code-panel">
      <div class="code-bar">
        <fieldset class="code-languages">
          <legend class="visually-hidden">Language</legend>
          {LANGUAGES.map(({ name, title }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === language}
              onClick={() => setLanguage(name)}
            >
              {title}
            </button>
          ))}
        </fieldset>
        {code !== null && code.text !== '' && (
          <span class="code-actions">
            <button type="button" onClick={() => copy(app, code.text)}>
              Copy
            </button>
            <button type="button" onClick={() => save(code, look?.type ?? 'text/plain')}>
              Save {code.fileName}
            </button>
          </span>
        )}
      </div>
      {code?.notes.map((note) => (
        <p class={code.text === '' ? 'elsewhere' : 'quiet small'} key={note}>
          {note}
        </p>
      ))}
      {failure !== '' && <p role="alert">{failure}</p>}
      {code === null && failure === '' && <p class="quiet">Writing…</p>}
      {code !== null && code.text !== '' && look && (
        <CodeField
          key={look.name}
          label={`The network as ${look.title}`}
          text={code.text.slice(0, MOST_SHOWN)}
          language={look.colours}
          isReadOnly
          showsLines
        />
      )}
      {code !== null && code.text.length > MOST_SHOWN && (
        <p class="quiet small">
          The first {MOST_SHOWN.toLocaleString('en')} of {code.text.length.toLocaleString('en')}{' '}
          characters; copies and files have all.
        </p>
      )}
    </div>
  );
}

function copy(app: ReturnType<typeof useApp>, text: string): void {
  navigator.clipboard.writeText(text).then(
    () => {
      app.notice.value = { text: 'Copied.', kind: 'done' };
    },
    () => {
      app.notice.value = {
        text: 'The browser did not allow copying. Save it instead.',
        kind: 'failure',
      };
    },
  );
}

function save({ text, fileName }: Written, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = window.document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The download begins with the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

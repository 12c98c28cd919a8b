/** A text with colours, completion and marks: CodeMirror, loaded when it is first shown; a plain text field until then. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import type { CodeView, Mark } from './code-view.ts';
import './equations.css';
import type { KnownName } from './words.ts';

export type { Mark } from './code-view.ts';

export interface CodeFieldProps {
  readonly label: string;
  readonly text: string;
  /** What is typed: equations, statements or an expression of the language, Python, or what is only read. */
  readonly language: 'equations' | 'statements' | 'python' | 'typescript' | 'json' | 'wgsl';
  readonly marks?: readonly Mark[];
  /** Names that may be completed; asked each time. */
  readonly names?: () => readonly KnownName[];
  readonly placeholder?: string;
  readonly isReadOnly?: boolean;
  readonly showsLines?: boolean;
  readonly onChange?: (text: string) => void;
  readonly onSubmit?: () => void;
  /** A line to go to; each new object goes there once. */
  readonly goTo?: { readonly line: number; readonly column: number } | null;
}

const NONE: readonly Mark[] = [];

export default function CodeField(props: CodeFieldProps) {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<CodeView | null>(null);
  const [failure, setFailure] = useState('');
  /** What was typed and has not come back as `text` yet: somebody types faster than it is drawn. */
  const typed = useRef<string[]>([]);
  const last = useRef(props);
  last.current = props;
  const { label, text, language, marks = NONE, isReadOnly = false, goTo = null } = props;
  const isDark = app.dark.value;
  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    let made: CodeView | null = null;
    let isGone = false;
    load(language).then(
      ([{ createCodeView }, language, complete]) => {
        if (isGone) return;
        const { placeholder = '', showsLines = false } = last.current;
        made = createCodeView({
          parent,
          text: last.current.text,
          label,
          language,
          complete: complete?.(() => last.current.names?.() ?? []) ?? null,
          placeholder,
          isReadOnly,
          showsLines,
          wraps: complete !== null,
          onChange(next) {
            typed.current.push(next);
            last.current.onChange?.(next);
          },
          onSubmit: () => last.current.onSubmit?.(),
        });
        setView(made);
      },
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isGone = true;
      made?.destroy();
      setView(null);
    };
  }, [language, label, isReadOnly]);
  useEffect(() => {
    const known = typed.current.indexOf(text);
    if (known < 0) view?.setText(text);
    typed.current.splice(0, known < 0 ? typed.current.length : known + 1);
  }, [view, text]);
  useEffect(() => view?.mark(marks), [view, marks]);
  useEffect(() => view?.setDark(isDark), [view, isDark]);
  useEffect(() => {
    if (goTo) view?.goTo(goTo.line, goTo.column);
  }, [view, goTo]);
  return (
    <div class="code-field">
      <div ref={host} class={view ? '' : 'code-waiting'} />
      {!view && (
        <textarea
          aria-label={label}
          class="code-plain"
          rows={Math.min(20, text.split('\n').length + 1)}
          value={text}
          readOnly={isReadOnly}
          onInput={({ currentTarget }) => props.onChange?.(currentTarget.value)}
        />
      )}
      {failure !== '' && (
        <p class="small quiet">
          The editor could not be loaded ({failure}); this is a plain field.
        </p>
      )}
    </div>
  );
}

/** The editor and what it needs for a language. */
async function load(language: CodeFieldProps['language']) {
  const view = import('./code-view.ts');
  if (language === 'equations' || language === 'statements') {
    const { equationLanguage, completionsOf } = await import('./equation-language.ts');
    const isEquations = language === 'equations';
    return [
      await view,
      equationLanguage(isEquations),
      (names: () => readonly KnownName[]) => completionsOf(names, isEquations),
    ] as const;
  }
  const { codeLanguage } = await import('./code-language.ts');
  return [await view, codeLanguage(language), null] as const;
}

/**
 * One CodeMirror editor in a shadow root, where its styles are adopted style sheets: the page allows no inline styles.
 * Loaded when the first editor is shown; components are CodeField.tsx.
 */
import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeCompletion,
  completionKeymap,
  selectedCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import {
  bracketMatching,
  HighlightStyle,
  type StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  placeholder as placeholderOf,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Something to mark, by line and column from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface CodeViewOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly language: StreamLanguage<unknown> | null;
  readonly complete: CompletionSource | null;
  readonly placeholder: string;
  readonly isReadOnly: boolean;
  readonly showsLines: boolean;
  /** Long lines are broken, not scrolled. */
  readonly wraps: boolean;
  onChange(text: string): void;
  /** Ctrl+Enter or Cmd+Enter. */
  onSubmit(): void;
}

export interface CodeView {
  readonly text: () => string;
  /** Replaces the text, where it differs. */
  setText(text: string): void;
  mark(marks: readonly Mark[]): void;
  setDark(isDark: boolean): void;
  /** Puts the cursor there and shows it. */
  goTo(line: number, column?: number): void;
  focus(): void;
  destroy(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-derivative)', fontWeight: '600' },
  { tag: tags.definition(tags.variableName), color: 'var(--code-derivative)', fontWeight: '600' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  { tag: tags.unit, color: 'var(--code-unit)' },
  { tag: tags.modifier, color: 'var(--code-flag)', fontStyle: 'italic' },
  { tag: tags.atom, color: 'var(--code-flag)' },
  { tag: tags.logicOperator, color: 'var(--code-flag)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.string, color: 'var(--code-unit)' },
  { tag: tags.lineComment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.operator, color: 'var(--quiet)' },
]);

const looks = {
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--background)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.55',
    maxHeight: 'var(--code-height)',
    minHeight: 'var(--code-least, 0)',
  },
  '.cm-content': { caretColor: 'var(--accent)', padding: '6px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--code-selection)' },
  '.cm-gutters': {
    backgroundColor: 'var(--background)',
    color: 'var(--quiet)',
    border: 'none',
    borderRadius: '6px 0 0 6px',
  },
  '.cm-placeholder': { color: 'var(--quiet)', fontStyle: 'italic' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--code-error) 1.5px',
    textUnderlineOffset: '3px',
    backgroundColor: 'color-mix(in srgb, var(--code-error) 18%, transparent)',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--code-number) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--strong-line)',
    borderRadius: '6px',
    boxShadow: 'var(--shadow)',
    maxWidth: 'min(32rem, 88vw)',
    fontSize: '13px',
  },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', fontFamily: 'system-ui, sans-serif' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxWidth: '88vw' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.75', marginLeft: '0.8em' },
  '.cm-completionInfo': { fontFamily: 'system-ui, sans-serif', maxWidth: '18rem' },
};

/** Makes an editor; the parent gets a shadow root (or has one of an earlier editor). */
export function createCodeView(options: CodeViewOptions): CodeView {
  const { parent, text, label, language, complete, placeholder, isReadOnly, showsLines, wraps } =
    options;
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const theme = new Compartment();
  const themeOf = (dark: boolean) => EditorView.theme(looks, { dark });
  let isSetting = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                options.onSubmit();
                return true;
              },
            },
            { key: 'Enter', run: closeComplete },
          ]),
        ),
        ...(complete === null
          ? []
          : [autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 })]),
        // Escape closes what is open in the editor, and leaves it otherwise.
        keymap.of([
          ...completionKeymap,
          { key: 'Escape', run: leave },
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        syntaxHighlighting(colours),
        ...(language === null ? [] : [language]),
        ...(showsLines ? [lineNumbers(), lintGutter()] : []),
        ...(wraps ? [EditorView.lineWrapping] : []),
        ...(placeholder === '' ? [] : [placeholderOf(placeholder)]),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({
          'aria-label': label,
          // It can have the focus anyway; checkers of access look for this.
          tabindex: '0',
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
        }),
        theme.of(themeOf(true)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isSetting) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText(next) {
      const { doc } = view.state;
      if (doc.toString() === next) return;
      isSetting = true;
      view.dispatch({ changes: { from: 0, to: doc.length, insert: next } });
      isSetting = false;
    },
    mark(marks) {
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map((mark) => diagnosticOf(view, mark)),
        ),
      );
    },
    setDark(isDark) {
      view.dispatch({ effects: theme.reconfigure(themeOf(isDark)) });
    },
    goTo(line, column = 1) {
      const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      const anchor = Math.min(from + column - 1, to);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
      });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/** Enter ends a line, and does not choose the word that is already there. */
function closeComplete(view: EditorView): boolean {
  const chosen = selectedCompletion(view.state)?.label;
  const { head } = view.state.selection.main;
  if (chosen !== undefined && view.state.sliceDoc(0, head).endsWith(chosen)) closeCompletion(view);
  return false;
}

function leave({ contentDOM }: EditorView): boolean {
  contentDOM.blur();
  return true;
}

function diagnosticOf({ state }: EditorView, mark: Mark): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, mark.line), state.doc.lines));
  const from = Math.min(line.from + mark.column - 1, line.to);
  const to = Math.min(Math.max(from + mark.length, from + 1), Math.max(line.to, from));
  // A place behind the end of a line is shown on its last character.
  const start = from === to ? Math.max(line.from, from - 1) : from;
  return { from: start, to, severity: mark.severity, message: mark.message };
}

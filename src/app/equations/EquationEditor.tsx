/**
 * The texts of a population, projection or field, as somebody edits them: checked while they are typed, with what is
 * wrong at its place and below in words. Ctrl+Enter makes them the network's; until they are right the last good network
 * runs on.
 */
import { useMemo, useState } from 'preact/hooks';
import type { NetworkDocument } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import type { Selection } from '../state/app.ts';
import type { ShownProblem } from '../tools/equations.ts';
import CodeField, { type Mark } from './CodeField.tsx';
import { type Draft, useDraft } from './drafts.ts';
import './equations.css';
import { Problems } from './Problems.tsx';
import { type OwnedText, textsOf } from './texts.ts';
import { namesFor } from './words.ts';

export default function EquationEditor({ owner }: { owner: Selection }) {
  const key = owner.kind === 'network' ? '' : `${owner.kind} ${owner.name}`;
  // Drafts are of one owner: another one begins anew.
  return <Texts owner={owner} key={key} />;
}

function Texts({ owner }: { owner: Selection }) {
  const draft = useDraft(owner);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const { document, own } = draft;
  if (document === null) return null;
  const texts = textsOf(document, owner);
  if (texts.length === 0) return null;
  const isShown = ({ key, text }: OwnedText): boolean =>
    key === 'eqs' || text !== '' || opened.includes(key);
  const hidden = texts.filter((text) => !isShown(text));
  return (
    <div class="equations">
      {texts.filter(isShown).map((text) => (
        <TextField
          key={text.key}
          text={text}
          owner={owner}
          document={document}
          draft={draft}
          problems={(own?.problems ?? []).filter(({ block }) => block === text.block)}
        />
      ))}
      {hidden.length > 0 && (
        <div class="more-texts">
          {hidden.map(({ key, title, meaning }) => (
            <button
              key={key}
              type="button"
              class="small"
              title={meaning}
              onClick={() => setOpened([...opened, key])}
            >
              + {title}
            </button>
          ))}
        </div>
      )}
      <Others owner={owner} texts={texts} draft={draft} />
      <Actions draft={draft} />
    </div>
  );
}

interface FieldProps {
  readonly text: OwnedText;
  readonly owner: Selection;
  readonly document: NetworkDocument;
  readonly draft: Draft;
  readonly problems: readonly ShownProblem[];
}

function TextField({ text, owner, document, draft, problems }: FieldProps) {
  const { key, title, meaning, kind } = text;
  const marks = useMemo(() => problems.map(markOf), [problems]);
  const names = () =>
    namesFor(
      document,
      owner,
      textsOf(document, owner).find((one) => one.key === 'eqs')?.text ?? '',
    );
  const owned = owner.kind === 'network' ? '' : ` of ${owner.name}`;
  return (
    <div class="text">
      <div class="text-head">
        <h4>{title}</h4>
        <span class="quiet small">{meaning}</span>
      </div>
      <CodeField
        label={`${title}${owned}`}
        text={text.text}
        language={kind === 'equations' ? 'equations' : 'statements'}
        marks={marks}
        names={names}
        placeholder={PLACEHOLDERS[key.split(' ')[0] ?? ''] ?? ''}
        onChange={(next) => draft.change(key, next)}
        onSubmit={draft.apply}
      />
      <Problems problems={problems} addParameter={draft.addParameter} />
    </div>
  );
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  eqs: 'dv/dt = (E_L - v)/tau_m : volt',
  threshold: 'v > -50*mV',
  reset: 'v = -60*mV',
  refractory: '5*ms',
  onStep: 'n = n + 1',
  onPre: 'g += w',
  onPost: 'w += 0.1*nS',
};

const markOf = ({ line, column, length, message, hint }: ShownProblem): Mark => ({
  line,
  column,
  length,
  severity: 'error',
  message: hint === '' || message.includes(hint) ? message : `${message}\n${hint}`,
});

/** What is wrong, and not in one of the texts that are shown: the method, another owner, the network. */
function Others({
  owner,
  texts,
  draft: { own, report, isChanged },
}: {
  owner: Selection;
  texts: readonly OwnedText[];
  draft: Draft;
}) {
  const app = useApp();
  const blocks = new Set(texts.map(({ block }) => block));
  const rest = (own?.problems ?? []).filter(({ block }) => !blocks.has(block));
  const elsewhere = (report?.owners ?? []).filter(
    (one) =>
      !(owner.kind === one.kind && owner.name === one.name) &&
      (one.problems.length > 0 || one.message !== ''),
  );
  return (
    <>
      {rest.length > 0 && <Problems problems={rest} addParameter={null} />}
      {own !== null && own.message !== '' && <p class="elsewhere">{own.message}</p>}
      {report?.others.map((message) => (
        <p class="elsewhere" key={message}>
          {message}
        </p>
      ))}
      {elsewhere.map(({ kind, name, problems, message }) => (
        <div class="elsewhere" key={`${kind} ${name}`}>
          {isChanged ? 'With this, ' : ''}
          {kind} {name} is wrong: {problems[0]?.message ?? message}{' '}
          <button
            type="button"
            class="small"
            onClick={() => {
              app.selection.value = { kind, name };
            }}
          >
            Show {name}
          </button>
        </div>
      ))}
    </>
  );
}

function Actions({ draft }: { draft: Draft }) {
  const { isChanged, isChecking, own, report, apply, revert } = draft;
  const faults = (own?.problems.length ?? 0) + (own?.message ? 1 : 0);
  const isWrong = faults > 0;
  const isWhole =
    !isWrong &&
    (report?.others.length ?? 0) === 0 &&
    (report?.owners ?? []).every(({ problems, message }) => problems.length + message.length === 0);
  const state = stateOf({ faults, isWhole, isChanged, isChecking });
  return (
    <div class="actions">
      <span class={`state ${isWhole ? 'good' : 'wrong'}`} role="status">
        {state}
      </span>
      {isChanged && (
        <>
          <button type="button" onClick={revert}>
            Revert
          </button>
          <button
            type="button"
            class="primary"
            disabled={isWrong}
            onClick={apply}
            aria-keyshortcuts="Control+Enter"
          >
            Apply and run <kbd>Ctrl ⏎</kbd>
          </button>
        </>
      )}
    </div>
  );
}

function stateOf({
  faults,
  isWhole,
  isChanged,
  isChecking,
}: {
  readonly faults: number;
  readonly isWhole: boolean;
  readonly isChanged: boolean;
  readonly isChecking: boolean;
}): string {
  if (faults > 0) {
    const what = faults === 1 ? 'One thing is' : `${faults} things are`;
    return `${what} wrong; the last good network runs on.`;
  }
  if (!isWhole) return 'Right here, but the network as a whole is not; the last good one runs on.';
  if (isChecking) return isChanged ? 'Checking…' : '';
  return isChanged ? 'Right, and not applied yet.' : 'Checked.';
}

/** Nothing fires: how far the nearest neurons are from their threshold, and what to raise to what, as buttons. */
import type { NetworkDocument } from '../../index.ts';
import { type OwnerKind, setInitial, setKey, setParam } from '../build/edits/set.ts';
import type { SilentSuggestion } from '../simulation/protocol.ts';
import { useApp } from './context.ts';

export function Silent() {
  const app = useApp();
  const report = app.session.silent.value;
  if (report === null || app.project.value.view.lesson !== '') return null;
  const seen = new Set<string>();
  const suggestions = report.populations
    .flatMap((population) => population.suggestions)
    .filter((one) => {
      const key = `${one.owner}.${one.name}`;
      return one.value !== null && !seen.has(key) && seen.add(key);
    })
    .slice(0, 3);
  return (
    <section id="silent" class="banner" role="status">
      <span>{report.message}</span>
      {suggestions.map((suggestion) => (
        <button
          key={`${suggestion.owner}.${suggestion.name}`}
          type="button"
          title={suggestion.text}
          onClick={() =>
            app.edit(`${suggestion.name} ${suggestion.value}`, (document) =>
              follow(document, suggestion),
            )
          }
        >
          {suggestion.owner === '' ? '' : `${suggestion.owner}: `}
          {suggestion.name} = {suggestion.value}
        </button>
      ))}
    </section>
  );
}

/** The document with the value that is suggested. */
export function follow(
  document: NetworkDocument,
  { owner, name, kind, value }: SilentSuggestion,
): NetworkDocument {
  if (value === null) return document;
  if (kind === 'input') {
    return name === 'rate' || name === 'weight'
      ? setKey(document, 'input', owner, name, value)
      : document;
  }
  if (kind === 'variable') return setInitial(document, 'population', owner, name, value);
  const isPopulation = document.populations.some((one) => one.name === owner);
  const ownerKind: OwnerKind =
    owner === '' ? 'network' : kind === 'projection' || !isPopulation ? 'projection' : 'population';
  return setParam(document, ownerKind, owner, name, value);
}

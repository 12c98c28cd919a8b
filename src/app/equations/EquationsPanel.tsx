/** Panel Equations: the texts of what is selected, beside the same as mathematics. */
import { useApp } from '../shell/context.ts';
import type { Selection } from '../state/app.ts';
import EquationEditor from './EquationEditor.tsx';
import './equations.css';
import Mathematics from './Mathematics.tsx';
import { ownersOf, textsOf } from './texts.ts';

export default function EquationsPanel() {
  const app = useApp();
  const { document } = app.project.value;
  if (document === null) return <p class="quiet">The network is being built.</p>;
  const owners = ownersOf(document);
  const selected = app.selection.value;
  const owner = textsOf(document, selected).length > 0 ? selected : owners[0];
  if (owner === undefined) return <p class="quiet">This network has no equations: spikes only.</p>;
  return (
    <div class="equations-panel">
      <label>
        Of
        <select
          value={keyOf(owner)}
          onChange={({ currentTarget }) => {
            const next = owners.find((one) => keyOf(one) === currentTarget.value);
            if (next) app.selection.value = next;
          }}
        >
          {owners.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {keyOf(one)}
            </option>
          ))}
        </select>
      </label>
      <div class="equations-both">
        <EquationEditor owner={owner} />
        <Mathematics owner={owner} />
      </div>
    </div>
  );
}

const keyOf = (owner: Selection): string =>
  owner.kind === 'network' ? 'network' : `${owner.kind} ${owner.name}`;

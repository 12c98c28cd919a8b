/** The parameters of a population, projection, field or of the network, all of them, with what is known of each. */
import { useSignal } from '@preact/signals';
import type { NetworkDocument, Quantity } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { baselineOf } from '../baseline.ts';
import { asQuantity, sameQuantity } from '../edits/quantity-text.ts';
import { type OwnerKind, paramsOf, setParam } from '../edits/set.ts';
import { meaningOf, tableOf } from '../library.ts';
import { networkParamsOf, usesOf } from '../uses.ts';
import { Group } from './Group.tsx';
import { QuantityInput } from './QuantityInput.tsx';
import { useEdit } from './use-edit.ts';

interface ParamsProps {
  readonly document: NetworkDocument;
  readonly kind: OwnerKind;
  /** '' for the network. */
  readonly owner: string;
  /** Name of the library model, if it came from one. */
  readonly model?: string | undefined;
}

export function Params({ document, kind, owner, model }: ParamsProps) {
  const edit = useEdit();
  const names = Object.keys(paramsOf(document, kind, owner));
  const ofNetwork = kind === 'network' ? [] : networkParamsOf(document, owner);
  return (
    <Group title="Parameters" note="change while it runs">
      {names.length + ofNetwork.length === 0 && <p class="quiet small">None.</p>}
      {names.map((name) => (
        <Param key={name} document={document} kind={kind} owner={owner} name={name} model={model} />
      ))}
      {ofNetwork.length > 0 && <p class="field-about">Of the network, read here:</p>}
      {ofNetwork.map((name) => (
        <Param key={`network ${name}`} document={document} kind="network" owner="" name={name} />
      ))}
      <AddParameter
        taken={names}
        add={(name, value) =>
          edit.apply(`Add ${name}`, (old) => setParam(old, kind, owner, name, value))
        }
        remove={(name) =>
          edit.apply(`Remove ${name}`, (old) => setParam(old, kind, owner, name, undefined))
        }
        check={(name, value) => edit.check((old) => setParam(old, kind, owner, name, value))}
      />
    </Group>
  );
}

/** One of them. */
export function Param({
  document,
  kind,
  owner,
  name,
  model,
}: ParamsProps & { readonly name: string }) {
  const edit = useEdit();
  const baseline = baselineOf(useApp());
  const opened = baseline === null ? undefined : paramsOf(baseline, kind, owner)[name];
  const value = paramsOf(document, kind, owner)[name];
  const table = tableOf(model);
  const row = table && Object.hasOwn(table.params, name) ? table.params[name] : undefined;
  if (value === undefined) return null;
  // What the network was opened with comes before what the model has by default: that is the published network.
  const usual = opened ?? row?.value;
  const modelValue = row && !sameQuantity(usual, row.value) ? row.value : undefined;
  const isModels = opened === undefined || (row !== undefined && modelValue === undefined);
  return (
    <QuantityInput
      title={name}
      about={row?.doc ?? aboutOf(document, kind, owner, name)}
      value={value}
      usual={usual}
      usualIs={isModels ? 'default' : 'opened with'}
      modelValue={modelValue}
      isOpen={row?.above != null}
      low={row?.low ?? null}
      high={row?.high ?? null}
      slides
      rule={{
        name,
        like: row?.value ?? value,
        ...(row && { min: row.min, max: row.max, above: row.above }),
      }}
      change={(next, gesture) =>
        edit.apply(
          `Change ${name}`,
          (old) => setParam(old, kind, owner, name, next),
          gesture === '' ? '' : `${kind} ${owner}.${name} ${gesture}`,
        )
      }
    />
  );
}

/** What the library calls it elsewhere, else where it is used. */
function aboutOf(document: NetworkDocument, kind: OwnerKind, owner: string, name: string): string {
  const uses = usesOf(document, kind, owner, name);
  const inTexts = uses
    .map((use) => (use.owner === owner ? use.line : `${use.line} (${use.owner})`))
    .join('; ');
  return meaningOf(name) || (inTexts === '' ? 'Not used by any equation.' : `In ${inTexts}`);
}

interface AddParameterProps {
  readonly taken: readonly string[];
  readonly add: (name: string, value: Quantity) => void;
  readonly remove: (name: string) => void;
  readonly check: (name: string, value: Quantity) => Promise<string>;
}

/** Equations that were changed may need another parameter, or one less. */
function AddParameter({ taken, add, remove, check }: AddParameterProps) {
  const text = useSignal('');
  const problem = useSignal('');
  const submit = async (): Promise<void> => {
    const match = /^\s*([A-Za-z]\w*)\s*=\s*(.+?)\s*$/.exec(text.value);
    if (!match) {
      problem.value = 'Write it as name = value, for example tau_w = 100 ms.';
      return;
    }
    const [, name = '', value = ''] = match;
    if (taken.includes(name)) {
      problem.value = `There is ${name} already.`;
      return;
    }
    problem.value = await check(name, asQuantity(value));
    if (problem.value !== '') return;
    text.value = '';
    add(name, asQuantity(value));
  };
  return (
    <details class="more">
      <summary>Add or remove a parameter</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <input
          type="text"
          class="more-text"
          aria-label="New parameter, as name = value"
          placeholder="tau_w = 100 ms"
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
        <button type="submit">Add</button>
      </form>
      {problem.value !== '' && (
        <p class="field-problem" role="alert">
          {problem.value}
        </p>
      )}
      {taken.length > 0 && (
        <label>
          Remove
          <select
            value=""
            onChange={({ currentTarget }) => {
              if (currentTarget.value !== '') remove(currentTarget.value);
              currentTarget.value = '';
            }}
          >
            <option value="">…</option>
            {taken.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </details>
  );
}

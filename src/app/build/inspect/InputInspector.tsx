/** A Poisson input: how many sources, how fast, how strong, onto what. */
import type { NetworkDocument, PoissonInputDocument } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { baselineOf } from '../baseline.ts';
import { findPart } from '../edits/parts.ts';
import { splitQuantity } from '../edits/quantity-text.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, Select, TextInput } from '../fields/inputs.tsx';
import { Param } from '../fields/Params.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { SliceFields } from '../fields/SliceFields.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { networkParamsOf } from '../uses.ts';
import { receivers } from '../variables.ts';

interface InputInspectorProps {
  readonly document: NetworkDocument;
  readonly part: PoissonInputDocument;
}

export function InputInspector({ document, part }: InputInspectorProps) {
  const edit = useEdit();
  const opened = findPart(baselineOf(useApp()) ?? document, 'input', part.name);
  const { name } = part;
  const put = (
    key: 'n' | 'rate' | 'weight' | 'variable' | 'target',
    value: unknown,
    merge = '',
  ): void =>
    edit.apply(`Change ${key} of ${name}`, (old) => setKey(old, 'input', name, key, value), merge);
  const isPlain = splitQuantity(part.weight) !== null;
  return (
    <>
      <Group
        title="Strength"
        note={isPlain ? 'changes while it runs' : 'parameters change while it runs'}
      >
        {isPlain ? (
          <QuantityInput
            title="weight"
            about={`What each spike adds to ${part.variable}.`}
            value={part.weight}
            usual={opened?.weight}
            usualIs="opened with"
            slides
            rule={{ name: 'weight', like: part.weight }}
            change={(value, gesture) =>
              put('weight', String(value), gesture === '' ? '' : `${name} ${gesture}`)
            }
          />
        ) : (
          <TextInput
            title="weight"
            about={`What each spike adds to ${part.variable}: an expression of parameters.`}
            value={part.weight}
            check={(text) => edit.check((old) => setKey(old, 'input', name, 'weight', text))}
            change={(text) => put('weight', text)}
          />
        )}
        {networkParamsOf(document, name).map((parameter) => (
          <Param key={parameter} document={document} kind="network" owner="" name={parameter} />
        ))}
      </Group>
      <Group title="Sources" note="builds the network anew">
        <QuantityInput
          title="rate"
          about="Of each source."
          value={part.rate}
          usual={opened?.rate}
          usualIs="opened with"
          rule={{ name: 'rate', like: 'rate', min: '0 Hz' }}
          change={(value) => put('rate', value)}
        />
        <NumberInput
          title="n"
          about="Sources of every neuron."
          facts={opened ? `at least 1 · opened with ${opened.n}` : 'at least 1'}
          value={part.n}
          min={1}
          integer
          change={(n) => put('n', n)}
        />
      </Group>
      <Group title="Target" note="builds the network anew">
        <SliceFields
          title="Population"
          document={document}
          slice={part.target}
          check={(slice) => edit.check((old) => setKey(old, 'input', name, 'target', slice))}
          change={(slice) => put('target', slice)}
        />
        <Select
          title="variable"
          about="That the spikes add to."
          value={part.variable}
          choices={receivers(document, part.target.population).map((one) => one.name)}
          change={(variable) => put('variable', variable)}
        />
      </Group>
    </>
  );
}

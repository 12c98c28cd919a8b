/** The example's own parameters, from which its whole network is made: size, regime, variant. */
import { useApp } from '../../shell/context.ts';
import type { ProjectSource } from '../../state/project.ts';
import type { PlainParameter } from '../../tools/examples.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, Reset, Select, TextInput } from '../fields/inputs.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { cardOf } from '../library.ts';

type ExampleSource = Extract<ProjectSource, { kind: 'example' }>;

export function ExampleParameters({ source }: { source: ExampleSource }) {
  const app = useApp();
  const card = cardOf(source.name);
  const parameters = Object.entries(card?.parameters ?? {}).filter(
    ([, { kind }]) => kind !== 'folder',
  );
  const put = (name: string, value: string, usual: string): void => {
    const { [name]: _, ...others } = source.values;
    const values = value === usual ? others : { ...others, [name]: value };
    app.setSource(`Change ${name}`, { ...source, values });
  };
  return (
    <Group
      title={`Example ${source.name}`}
      note="builds the network anew"
      isEmpty={parameters.length === 0}
    >
      {parameters.map(([name, parameter]) => (
        <Parameter
          key={name}
          name={name}
          parameter={parameter}
          value={source.values[name] ?? String(parameter.default)}
          put={(value) => put(name, value, String(parameter.default))}
        />
      ))}
    </Group>
  );
}

interface ParameterProps {
  readonly name: string;
  readonly parameter: PlainParameter;
  readonly value: string;
  readonly put: (value: string) => void;
}

function Parameter({ name, parameter, value, put }: ParameterProps) {
  const usual = String(parameter.default);
  const aside =
    value === usual ? (
      <span class="reset" aria-hidden="true" />
    ) : (
      <Reset title={name} to={`default, ${usual}`} act={() => put(usual)} />
    );
  switch (parameter.kind) {
    case 'number':
      return (
        <NumberInput
          title={name}
          about={parameter.doc}
          facts={`${parameter.min} … ${parameter.max} · default ${usual}`}
          value={Number(value)}
          min={parameter.min}
          max={parameter.max}
          integer={parameter.integer ?? false}
          change={(number) => put(String(number))}
          aside={aside}
        />
      );
    case 'choice':
      return (
        <Select
          title={name}
          about={parameter.doc}
          value={value}
          choices={parameter.choices}
          change={put}
          aside={aside}
        />
      );
    case 'quantity':
      return (
        <QuantityInput
          title={name}
          about={parameter.doc}
          value={value}
          usual={parameter.default}
          rule={{ name, like: parameter.default, min: parameter.min, max: parameter.max }}
          change={(next) => put(String(next))}
        />
      );
    case 'text':
      return (
        <TextInput
          title={name}
          about={parameter.doc}
          value={value}
          check={(text) =>
            text.length > parameter.most ? `At most ${parameter.most} characters.` : ''
          }
          change={put}
          aside={aside}
        />
      );
    case 'folder':
      return null;
  }
}

/** Which integrator advances the equations, the clock of slow ones, and how far their time runs ahead. */
import { useApp } from '../../shell/context.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, Select } from '../fields/inputs.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { useEdit } from '../fields/use-edit.ts';

interface MethodProps {
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
  readonly part: {
    readonly eqs?: string;
    readonly method?: string;
    readonly slow?: string | number;
    readonly acceleration?: number;
  };
}

/** What `method` may be; the language has the list, and a test holds this one to it: the page carries no language. */
export const METHODS = [
  ['auto', 'automatic'],
  'exact',
  'exponential_euler',
  'exponential_rosenbrock',
  'exponential_sequential',
  'exponential_symmetric',
  'implicit',
  'euler',
  'heun',
  'milstein',
  'rk2',
  'rk4',
] as const;

export function Method({ kind, name, part }: MethodProps) {
  const edit = useEdit();
  const info = useApp().session.info.value;
  const chosen = info?.populations.find((one) => one.name === name)?.method;
  const hasSlow = /\(([^)]*,\s*)?slow\b/.test(part.eqs ?? '');
  if (!/d\w+\/dt/.test(part.eqs ?? '')) return null;
  return (
    <Group title="Integration" note="builds the network anew">
      <Select
        title="method"
        about={chosen ? `Used now: ${chosen}.` : 'How the differential equations are advanced.'}
        value={part.method ?? 'auto'}
        choices={METHODS}
        change={(method) =>
          edit.apply(`Method of ${name}`, (old) =>
            setKey(old, kind, name, 'method', method === 'auto' ? undefined : method),
          )
        }
      />
      {hasSlow && kind !== 'field' && (
        <>
          <QuantityInput
            title="slow"
            about="How often (slow) equations advance: a multiple of dt."
            value={part.slow ?? '10 ms'}
            usual="10 ms"
            rule={{ name: 'slow', like: 'time', above: '0 ms' }}
            change={(value) =>
              edit.apply(`Slow clock of ${name}`, (old) => setKey(old, kind, name, 'slow', value))
            }
          />
          <NumberInput
            title="acceleration"
            about="By how much the time of slow equations runs ahead; legal while they stay far slower than the fast ones."
            facts="above 0 · default 1"
            value={part.acceleration ?? 1}
            min={1e-9}
            change={(value) =>
              edit.apply(`Acceleration of ${name}`, (old) =>
                setKey(old, kind, name, 'acceleration', value === 1 ? undefined : value),
              )
            }
          />
        </>
      )}
    </Group>
  );
}

/** Choices of the panel Fields: which variable, which plane, which colours. */
import type { FieldInfo, VariableInfo } from '../../simulation/protocol.ts';
import { formatValue, rangeOf } from '../space/value-scale.ts';
import type { FieldLook } from './look.ts';
import { AXIS_NAMES, type Axis, firstCut, longAxes, middleUm, voxelOf } from './slice.ts';
import type { FieldReading } from './use-field.ts';

interface Props {
  fields: readonly FieldInfo[];
  field: FieldInfo;
  variables: readonly VariableInfo[];
  variable: VariableInfo;
  look: FieldLook;
  reading: FieldReading | null;
  change: (next: Partial<FieldLook>) => void;
}

export function Controls(props: Props) {
  const { fields, field, variables, variable, change } = props;
  return (
    <div class="fields-controls">
      {fields.length > 1 && (
        <label>
          Field{' '}
          <select
            value={field.name}
            onChange={({ currentTarget: { value } }) =>
              change({ field: value, variable: '', cut: null, line: null, fixed: null })
            }
          >
            {fields.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {fields.length > 1 ? 'Variable' : field.name}{' '}
        <select
          id="field-variable"
          value={variable.name}
          onChange={({ currentTarget: { value } }) => change({ variable: value, fixed: null })}
        >
          {variables.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {longAxes(field).length === 3 && <Slices {...props} />}
      <Colours {...props} />
    </div>
  );
}

/** Which of the three directions is cut across, and where. */
function Slices({ field, look, change }: Props) {
  const cut = look.cut ?? firstCut(field);
  const name = AXIS_NAMES[cut.across];
  const text = `${formatValue(middleUm(field, voxelOf(cut, 0, 0))[cut.across])} µm`;
  return (
    <fieldset class="fields-slices">
      <legend class="visually-hidden">Plane</legend>
      {([0, 1, 2] as const).map((axis: Axis) => (
        <button
          key={axis}
          type="button"
          aria-pressed={axis === cut.across}
          title={`Planes across ${AXIS_NAMES[axis]}`}
          onClick={() =>
            change({ cut: { across: axis, index: Math.floor(field.grid[axis] / 2) }, line: null })
          }
        >
          {AXIS_NAMES[axis]}
        </button>
      ))}
      <label>
        <input
          id="field-slice"
          type="range"
          min="0"
          max={field.grid[cut.across] - 1}
          step="1"
          value={cut.index}
          aria-label={`Place of the plane along ${name}`}
          aria-valuetext={text}
          onInput={({ currentTarget: { value } }) =>
            change({ cut: { ...cut, index: Number(value) } })
          }
        />
        <output class="numbers fields-number">
          {name} = {text}
        </output>
      </label>
    </fieldset>
  );
}

function Colours({ look, reading, change }: Props) {
  const fix = (): void => {
    const range = reading && rangeOf(reading.values, look.log);
    change({ fixed: range ?? { min: 0, max: 1 } });
  };
  return (
    <>
      <label>
        Colours{' '}
        <select
          value={look.map}
          onChange={({ currentTarget: { value } }) => change({ map: value as FieldLook['map'] })}
        >
          <option value="cividis">cividis</option>
          <option value="viridis">viridis</option>
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={look.log}
          onChange={({ currentTarget }) => change({ log: currentTarget.checked })}
        />
        logarithmic
      </label>
      <label>
        <input
          type="checkbox"
          checked={look.smooth}
          onChange={({ currentTarget }) => change({ smooth: currentTarget.checked })}
        />
        smooth
      </label>
      <label>
        <input
          id="field-fixed"
          type="checkbox"
          checked={look.fixed !== null}
          onChange={({ currentTarget }) =>
            currentTarget.checked ? fix() : change({ fixed: null })
          }
        />
        fixed range
      </label>
      {look.fixed && (
        <span class="fields-range">
          <Bound
            label="Least value of the colours"
            value={look.fixed.min}
            set={(min) => look.fixed && change({ fixed: { ...look.fixed, min } })}
          />
          <span aria-hidden="true">–</span>
          <Bound
            label="Largest value of the colours"
            value={look.fixed.max}
            set={(max) => look.fixed && change({ fixed: { ...look.fixed, max } })}
          />
        </span>
      )}
    </>
  );
}

function Bound({
  label,
  value,
  set,
}: {
  label: string;
  value: number;
  set: (value: number) => void;
}) {
  return (
    <input
      type="number"
      step="any"
      aria-label={label}
      value={Number(value.toPrecision(4))}
      onChange={({ currentTarget }) => {
        const typed = currentTarget.valueAsNumber;
        if (Number.isFinite(typed)) set(typed);
      }}
    />
  );
}

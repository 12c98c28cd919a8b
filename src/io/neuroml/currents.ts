/** NeuroML's current sources as expressions of time. Steps are counted as integers, so that every engine agrees. */
import { numberOf, positiveOf, quantityOf } from './quantities.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** A current source: an expression, its parameters, and whether it has a unit. */
export interface CurrentText {
  readonly expression: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly hasUnit: boolean;
}

type MakeCurrent = (source: XmlElement, name: string) => CurrentText;

/** 1 from delay on for the duration, else 0. */
const isOn = (name: string): string =>
  `int(t_in_timesteps >= timestep(delay_${name}, dt) and t_in_timesteps < timestep(delay_${name} + duration_${name}, dt))`;

function windowOf(source: XmlElement, name: string): Record<string, string | number> {
  for (const key of ['delay', 'duration']) {
    if (numberOf(source, key, 'time') < 0) refuseElement(source, `has a negative ${key}.`);
  }
  return {
    [`delay_${name}`]: quantityOf(source, 'delay', 'time'),
    [`duration_${name}`]: quantityOf(source, 'duration', 'time'),
  };
}

const pulse =
  (hasUnit: boolean): MakeCurrent =>
  (source, name) => ({
    expression: `amplitude_${name}*${isOn(name)}`,
    params: {
      ...windowOf(source, name),
      [`amplitude_${name}`]: quantityOf(source, 'amplitude', hasUnit ? 'current' : 'none'),
    },
    hasUnit,
  });

const sine =
  (hasUnit: boolean): MakeCurrent =>
  (source, name) => ({
    expression: `amplitude_${name}*sin(phase_${name} + 2*pi*(t - delay_${name})/period_${name})*${isOn(name)}`,
    params: {
      ...windowOf(source, name),
      [`amplitude_${name}`]: quantityOf(source, 'amplitude', hasUnit ? 'current' : 'none'),
      [`phase_${name}`]: numberOf(source, 'phase', 'none'),
      [`period_${name}`]: positiveOf(source, 'period', 'time'),
    },
    hasUnit,
  });

const ramp =
  (hasUnit: boolean): MakeCurrent =>
  (source, name) => {
    const kind = hasUnit ? 'current' : 'none';
    positiveOf(source, 'duration', 'time');
    return {
      expression:
        `(baseline_${name} + (start_${name} - baseline_${name} + ` +
        `(finish_${name} - start_${name})*(t - delay_${name})/duration_${name})*${isOn(name)})`,
      params: {
        ...windowOf(source, name),
        [`start_${name}`]: quantityOf(source, 'startAmplitude', kind),
        [`finish_${name}`]: quantityOf(source, 'finishAmplitude', kind),
        [`baseline_${name}`]: quantityOf(source, 'baselineAmplitude', kind),
      },
      hasUnit,
    };
  };

/** The sum of the sources inside. */
const compound: MakeCurrent = (source, name) => {
  const parts = source.children
    .filter((child) => child.name !== 'notes')
    .map((child, k) => currentOf(child, `${name}_${k}`));
  const [first] = parts;
  if (first === undefined || parts.some(({ hasUnit }) => hasUnit !== first.hasUnit)) {
    return refuseElement(source, 'must hold current sources, all with or all without unit.');
  }
  return {
    expression: `(${parts.map(({ expression }) => expression).join(' + ')})`,
    params: Object.assign({}, ...parts.map(({ params }) => params)) as CurrentText['params'],
    hasUnit: first.hasUnit,
  };
};

/** Current sources by the name of their element. */
export const CURRENTS: Readonly<Record<string, MakeCurrent>> = {
  compoundInput: compound,
  compoundInputDL: compound,
  pulseGenerator: pulse(true),
  pulseGeneratorDL: pulse(false),
  rampGenerator: ramp(true),
  rampGeneratorDL: ramp(false),
  sineGenerator: sine(true),
  sineGeneratorDL: sine(false),
};

/** The text of a current source; `name` ends its parameters. Throws NetworkError for other elements. */
export function currentOf(source: XmlElement, name: string): CurrentText {
  const make = Object.hasOwn(CURRENTS, source.name) ? CURRENTS[source.name] : undefined;
  if (make === undefined)
    return refuseElement(source, 'is not a current source that is supported.');
  return make(source, name);
}

/** NeuroML quantities ("-70mV", "0.03 per_ms") as quantities of this library. */
import { refuseElement, type XmlElement } from './xml.ts';

/** Kinds of quantities that components have, each with the unit in which it is handed on. */
export type Kind = keyof typeof CANONICAL;

const CANONICAL = {
  voltage: 'mV',
  time: 'ms',
  rate: 'kHz',
  current: 'pA',
  capacitance: 'pF',
  conductance: 'nS',
  conductancePerVoltage: 'nS/mV',
  conductanceDensity: 'mS/cm2',
  capacitanceDensity: 'uF/cm2',
  none: '1',
} as const;

/** Factors from NeuroML's units to ours, by kind. */
const UNITS: Readonly<Record<Kind, Readonly<Record<string, number>>>> = {
  voltage: { V: 1e3, mV: 1 },
  time: { s: 1e3, ms: 1 },
  rate: { per_s: 1e-3, per_ms: 1, Hz: 1e-3, per_min: 1 / 60_000, per_hour: 1 / 3_600_000 },
  current: { A: 1e12, uA: 1e6, nA: 1e3, pA: 1 },
  capacitance: { F: 1e12, uF: 1e6, nF: 1e3, pF: 1 },
  conductance: { S: 1e9, mS: 1e6, uS: 1e3, nS: 1, pS: 1e-3 },
  conductancePerVoltage: { S_per_V: 1e6, nS_per_mV: 1 },
  conductanceDensity: { S_per_m2: 0.1, mS_per_cm2: 1, S_per_cm2: 1e3 },
  capacitanceDensity: { F_per_m2: 100, uF_per_cm2: 1 },
  none: { '': 1 },
};

const FORM = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z_0-9]*)\s*$/;

/** The attribute as a number in the unit of its kind. Throws NetworkError where it is missing or something else. */
export function numberOf(element: XmlElement, name: string, kind: Kind, missing?: number): number {
  const text = element.attributes.get(name);
  if (text === undefined) {
    return missing ?? refuseElement(element, `needs the attribute "${name}".`);
  }
  const [, digits = '', unit = ''] = FORM.exec(text) ?? [];
  const units = UNITS[kind];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const value = Number(digits) * (factor ?? Number.NaN);
  if (digits === '' || !Number.isFinite(value)) {
    const known =
      kind === 'none' ? 'a number without unit' : `a number with ${Object.keys(units).join(', ')}`;
    refuseElement(element, `has ${name}="${text.slice(0, 60)}"; it must be ${known}.`);
  }
  // 0.2 * 1e3 must not become 200.00000000000003.
  return Number(value.toPrecision(15));
}

/** The attribute as a quantity such as "-70 mV"; a number where it has no unit. */
export function quantityOf(
  element: XmlElement,
  name: string,
  kind: Kind,
  missing?: number,
): string | number {
  const value = numberOf(element, name, kind, missing);
  return kind === 'none' ? value : `${value} ${CANONICAL[kind]}`;
}

/** As quantityOf, refusing what is not above 0. */
export function positiveOf(element: XmlElement, name: string, kind: Kind): string | number {
  const value = numberOf(element, name, kind);
  if (!(value > 0)) refuseElement(element, `has ${name}="${value}"; it must be above 0.`);
  return quantityOf(element, name, kind);
}

/** A dimensionless attribute whose unit PyNN implies: `pynn(cell, "tau_m", "ms")` is "20 ms". */
export function pynnOf(element: XmlElement, name: string, unit: string, missing?: number): string {
  return `${numberOf(element, name, 'none', missing)} ${unit}`;
}

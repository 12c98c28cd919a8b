/** Units as LaTeX: upright symbols, whatever name was typed. No part of the arithmetic of units, which is in units.ts. */
import { unitOf } from './units.ts';

/** Symbols of long names. */
const SYMBOLS: Readonly<Record<string, string>> = {
  metre: 'm',
  meter: 'm',
  gram: 'g',
  gramme: 'g',
  kilogram: 'kg',
  second: 's',
  amp: 'A',
  ampere: 'A',
  kelvin: 'K',
  mole: 'mol',
  mol: 'mol',
  candela: 'cd',
  coulomb: 'C',
  farad: 'F',
  hertz: 'Hz',
  joule: 'J',
  liter: 'l',
  litre: 'l',
  molar: 'M',
  ohm: '\\Omega',
  pascal: 'Pa',
  siemens: 'S',
  volt: 'V',
  watt: 'W',
  newton: 'N',
  tesla: 'T',
  weber: 'Wb',
  henry: 'H',
};

/** The unit of that name in equations as LaTeX, "\mathrm{mV}"; '' for what is no unit there. */
export function unitLatex(name: string): string {
  if (unitOf(name) === undefined) return '';
  const [, stem = name, power = ''] = /^(.*?)([23]?)$/.exec(name) ?? [];
  const symbol = symbolOf(stem);
  return power === '' ? `\\mathrm{${symbol}}` : `\\mathrm{${symbol}}^{${power}}`;
}

function symbolOf(name: string): string {
  const long = Object.keys(SYMBOLS).find((one) => name === one || name.slice(1) === one);
  if (long !== undefined) {
    const prefix = name === long ? '' : name.slice(0, 1);
    return `${prefix === 'u' ? '\\mu ' : prefix}${SYMBOLS[long]}`;
  }
  return name.replace(/^u(?=[A-Za-z])/, '\\mu ').replace(/Ohm$/, '\\Omega');
}

/** A unit as declared, "nS/cm**2", as LaTeX; '' for "1", "boolean", "integer" and what cannot be read. */
export function unitTextLatex(text: string): string {
  const trimmed = text.trim();
  if (['', '1', 'boolean', 'integer'].includes(trimmed)) return '';
  const parts: string[] = [];
  let sign = '';
  for (const piece of trimmed.split(/(\/|(?<!\*)\*(?!\*))/)) {
    if (piece === '/' || piece === '*') {
      sign = piece === '/' ? '-' : '';
      continue;
    }
    const [, name = '', power = '1'] =
      /^\s*(\w+)(?:\s*\*\*\s*(-?\s*[\d.]+))?\s*$/.exec(piece) ?? [];
    if (name === '1') continue;
    const latex = unitLatex(name);
    if (latex === '') return '';
    const [, base = latex, own = '1'] = /^(.*)\^\{(\d)\}$/.exec(latex) ?? [];
    const exponent = Number(own) * Number(power.replace(/\s/g, '')) * (sign === '-' ? -1 : 1);
    parts.push(exponent === 1 ? base : `${base}^{${exponent}}`);
  }
  return parts.join('\\,');
}

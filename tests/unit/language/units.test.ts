/** The internal system, the unit table, quantities as text, words for dimensions. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { CONSTANTS, FUNCTION_LIST } from '../../../src/language/functions.ts';
import {
  DIMENSIONLESS,
  DIMENSIONS,
  describeDimension,
  describeNoun,
  divide,
  formatQuantity,
  multiply,
  parseQuantity,
  parseUnit,
  power,
  readQuantity,
  readUnit,
  sameDimension,
  UNIT_NAMES,
  unitOf,
  usualUnit,
} from '../../../src/language/units.ts';

const factor = (text: string): number => parseUnit(text).factor;
const dimension = (text: string): readonly number[] => parseUnit(text).dimension;

describe('the internal system', () => {
  it.each(['mV', 'ms', 'pA', 'pF', 'nS', 'GOhm', 'um', 'mM', 'kelvin', 'candela'])(
    'has %s as a unit',
    (unit) => {
      expect(factor(unit)).toBe(1);
    },
  );

  it.each([
    ['1/ms', 1],
    ['pF/um2', factor('farad/metre2')],
    ['pA/um2', factor('amp/metre2')],
    ['volt', 1e3],
    ['hertz', 1e-3],
    ['nA', 1e3],
    ['nF', 1e3],
    ['Mohm', 1e-3],
    ['MOhm', 1e-3],
    ['cm', 1e4],
    ['uF/cm2', 0.01],
    ['mS/cm**2', 0.01],
    ['uA/cm2', 0.01],
    ['ohm*cm', 1e-5],
    ['pcoulomb', 1e3],
    ['mole', 1e18],
    ['mole/litre', factor('molar')],
    ['umolar', 1e-3],
    ['litre', factor('metre3') * 1e-3],
    ['gram', 1e9],
    ['cm3', 1e12],
    ['meter', factor('metre')],
    ['ampere', factor('amp')],
    ['tesla', factor('weber/metre2')],
    ['henry', factor('volt*second/amp')],
  ])('%s is %d internal units', (unit, expected) => {
    expect(factor(unit)).toBe(expected);
  });

  it('is coherent', () => {
    const same = (a: string, b: string): void => {
      expect(sameDimension(dimension(a), dimension(b))).toBe(true);
      expect(factor(a)).toBeCloseTo(factor(b), 12);
    };
    same('nS*mV', 'pA');
    same('pF*mV/ms', 'pA');
    same('GOhm*pA', 'mV');
    same('GOhm*pF', 'ms');
    same('newton*metre', 'joule');
    same('watt*second', 'joule');
    same('volt*coulomb', 'joule');
  });
});

describe('dimensions', () => {
  it('multiply, divide, and take fractional powers exactly', () => {
    const { time, voltage } = DIMENSIONS;
    expect(sameDimension(multiply(voltage, time), dimension('volt*second'))).toBe(true);
    expect(sameDimension(power(power(time, 1 / 3), 3), time)).toBe(true);
    expect(sameDimension(divide(power(time, 0.5), time), DIMENSIONS.noise)).toBe(true);
    expect(power(voltage, 0)).toEqual(DIMENSIONLESS);
  });

  it.each([
    ['volt', 'volt', 'a voltage', 'mV'],
    ['mV/ms', 'volt/second', 'a quantity in volt/second', 'volt/second'],
    ['nS', 'siemens', 'a conductance', 'nS'],
    ['1', '1', 'a number without unit', ''],
    ['Hz', '1/second', 'a rate', 'Hz'],
    ['mM', 'mole/metre**3', 'a concentration', 'mM'],
    ['mS/cm2', 'siemens/metre**2', 'a conductance per area', 'mS/cm2'],
    ['second**-0.5', '1/second**0.5', 'a quantity in 1/second**0.5', '1/second**0.5'],
    ['volt**2', 'volt**2', 'a quantity in volt**2', 'volt**2'],
    ['ohm*cm', 'ohm*metre', 'a quantity in ohm*metre', 'ohm*metre'],
    [
      'joule/mole/kelvin',
      'joule/kelvin/mole',
      'a quantity in joule/kelvin/mole',
      'joule/kelvin/mole',
    ],
    ['farad/siemens', 'second', 'a time', 'ms'],
    ['um2', 'metre**2', 'an area', 'um2'],
  ])('%s reads as %s', (unit, name, noun, usual) => {
    expect(describeDimension(dimension(unit))).toBe(name);
    expect(describeNoun(dimension(unit))).toBe(noun);
    expect(usualUnit(dimension(unit))).toBe(usual);
  });

  it('descriptions of all units can be read back', () => {
    for (const name of UNIT_NAMES) {
      const unit = parseUnit(name);
      expect(
        sameDimension(parseUnit(describeDimension(unit.dimension)).dimension, unit.dimension),
      ).toBe(true);
    }
  });
});

describe('unit texts', () => {
  it('know no one-letter names in equations', () => {
    for (const letter of ['V', 'S', 'A', 's', 'F', 'm']) {
      expect(unitOf(letter)).toBeUndefined();
      expect(readUnit(letter)).toHaveProperty('message');
    }
    expect(factor('V')).toBe(1e3); // but documents may use them
  });

  it.each([
    ['vlot', 0, 4],
    ['volt*', 5, 6],
    ['volt volt', 5, 9],
    ['volt/5', 5, 6],
    ['', 0, 1],
    ['nS/(ms)', 3, 7],
  ])('"%s" is refused with its place', (text, start, end) => {
    expect(readUnit(text)).toMatchObject({ start, end });
    expect(() => parseUnit(text)).toThrow(NetworkError);
  });

  it('know minutes, hours and days in quantities only', () => {
    expect(parseUnit('mM/d').factor).toBeCloseTo(1 / 86_400_000, 20);
    for (const name of ['min', 'h', 'd', 'minute', 'hour', 'day']) {
      expect(readUnit(name)).toHaveProperty('message');
    }
  });

  it('do not take names of objects for units', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(unitOf(name)).toBeUndefined();
      expect(() => parseUnit(name)).toThrow(NetworkError);
    }
  });
});

describe('quantities', () => {
  it.each([
    ['20 ms', 20],
    ['20*ms', 20],
    [' -65 mV ', -65],
    ['- 65mV', -65],
    ['1.5e3 pA', 1500],
    ['1 s', 1000],
    ['.5 V', 500],
    ['15 Hz', 0.015],
    ['0.1/ms', 0.1],
    ['5', 5],
    ['1e-3', 1e-3],
    ['0.1 nA', 100],
    ['3 \u00b5V', 0.003],
    ['4 nS/ms', 4],
    ['1 uF/cm2', 0.01],
    ['100 Mohm', 0.1],
    ['0.3 Hz', 0.0003],
    ['2 min', 120_000],
    ['1 h', 3_600_000],
    ['9 hour', 32_400_000],
    ['1 d', 86_400_000],
    ['3600 uM/h', 1e-6],
    ['3.6e6 1/h', 1],
    ['86.4 m/d', 1],
  ])('"%s" is %d', (text, value) => {
    expect(readQuantity(text)?.value).toBe(value);
  });

  it.each(['', 'ms', '5 mV mV', '5*', '5 10', 'abc', '5 + 3', '1e999', '1e999 ms', 'NaN', '0x10'])(
    '"%s" is none',
    (text) => {
      expect(readQuantity(text)).toBeNull();
    },
  );

  const { time } = DIMENSIONS;
  it.each<[unknown, readonly number[] | undefined, string]>([
    [
      '1.5 mV',
      time,
      'Projection "E->I": delay must be a time (such as "20 ms"), got "1.5 mV" (a voltage). Did you mean "1.5 ms"?',
    ],
    [
      5,
      time,
      'Projection "E->I": delay must be a time (such as "20 ms"), got the number 5 without unit. Did you mean "5 ms"?',
    ],
    [
      '4.5 mV',
      parseUnit('uM/second').dimension,
      'Projection "E->I": delay must be a concentration per time (such as "20 uM/second"), got "4.5 mV" (a voltage). Did you mean "4.5 uM/second"?',
    ],
    [
      '5',
      parseUnit('um**2/ms').dimension,
      'Projection "E->I": delay must be a diffusion coefficient (such as "20 um2/second"), got "5" (a number without unit). Did you mean "5 um2/second"?',
    ],
    [
      'soon',
      time,
      'Projection "E->I": delay must be a time (such as "20 ms"), got "soon". Write a number followed by a unit, such as "20 ms".',
    ],
    [
      '5 mV',
      DIMENSIONLESS,
      'Projection "E->I": delay must be a number without unit, got "5 mV" (a voltage). Did you mean 5?',
    ],
    [
      Number.NaN,
      time,
      'Projection "E->I": delay must be a time (such as "20 ms"), got NaN. Numbers must be finite.',
    ],
    [
      null,
      undefined,
      'Projection "E->I": delay must be a quantity, got null. Write a text with number and unit, such as "20 ms".',
    ],
    [
      ['5 ms'],
      time,
      'Projection "E->I": delay must be a time (such as "20 ms"), got a list of 1. Write a text with number and unit, such as "20 ms".',
    ],
  ])('%j is refused with a remedy', (quantity, expected, message) => {
    const parse = () => parseQuantity(quantity as string, 'Projection "E->I": delay', expected);
    expect(parse).toThrow(message);
  });

  it('are converted, and printed in any unit', () => {
    expect(parseQuantity('20 ms', 'here', time)).toEqual({ value: 20, dimension: time });
    expect(parseQuantity(0.5, 'here')).toEqual({ value: 0.5, dimension: DIMENSIONLESS });
    expect(formatQuantity(20, 'ms')).toBe('20 ms');
    expect(formatQuantity(-65, 'volt')).toBe('-0.065 volt');
    expect(formatQuantity(0.015, 'Hz')).toBe('15 Hz');
    expect(formatQuantity(0.1 + 0.2, '1')).toBe('0.3');
    expect(formatQuantity(3, 'integer')).toBe('3');
    expect(formatQuantity(1, 'boolean')).toBe('True');
  });
});

describe('tables', () => {
  it('physical constants are in internal units', () => {
    const value = (name: string): number => CONSTANTS.get(name)?.value ?? Number.NaN;
    const kT = value('gas_constant') * (value('zero_celsius') + 37);
    expect(kT / value('faraday_constant')).toBeCloseTo(26.727, 3); // RT/F at 37 degrees in mV
    expect(value('elementary_charge') * value('avogadro_constant')).toBeCloseTo(
      value('faraday_constant'),
      6,
    );
    expect(value('boltzmann_constant') * value('avogadro_constant')).toBeCloseTo(
      value('gas_constant'),
      9,
    );
  });

  it('functions say how they are written', () => {
    for (const { name, usage, arity, doc } of FUNCTION_LIST) {
      expect(usage.startsWith(`${name}(`)).toBe(true);
      expect(usage.split(',').length).toBe(Math.max(arity, 1));
      expect(doc.endsWith('.')).toBe(true);
    }
  });
});

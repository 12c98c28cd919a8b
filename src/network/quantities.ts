/**
 * Constructors of quantities, for those who would rather write ms(20) than '20 ms'. They return the text.
 */
import { refuse } from './fields.ts';

/** A function that writes a number with that unit: quantity('mV')(-65) is "-65 mV". */
function quantity(unit: string): (value: number) => string {
  return (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      refuse(`The number of a quantity in ${unit}`, 'a finite number', value);
    }
    return `${value} ${unit}`;
  };
}

export const seconds = quantity('second');
export const ms = quantity('ms');
export const us = quantity('us');
export const Hz = quantity('Hz');
export const kHz = quantity('kHz');
export const volts = quantity('volt');
export const mV = quantity('mV');
export const nA = quantity('nA');
export const pA = quantity('pA');
export const nF = quantity('nF');
export const pF = quantity('pF');
export const uS = quantity('uS');
export const nS = quantity('nS');
export const Mohm = quantity('Mohm');
export const Gohm = quantity('Gohm');
export const um = quantity('um');
export const mM = quantity('mM');
export const uM = quantity('uM');

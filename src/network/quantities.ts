/**
 * Constructors of quantities, for those who would rather write ms(20) than '20 ms'. They return the text, and throw
 * NetworkError for what is no finite number.
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

/** A number of seconds. */
export const seconds = quantity('second');
/** A number of milliseconds. */
export const ms = quantity('ms');
/** A number of microseconds. */
export const us = quantity('us');
/** A number of hertz. */
export const Hz = quantity('Hz');
/** A number of kilohertz. */
export const kHz = quantity('kHz');
/** A number of volts. */
export const volts = quantity('volt');
/** A number of millivolts. */
export const mV = quantity('mV');
/** A number of nanoamperes. */
export const nA = quantity('nA');
/** A number of picoamperes. */
export const pA = quantity('pA');
/** A number of nanofarads. */
export const nF = quantity('nF');
/** A number of picofarads. */
export const pF = quantity('pF');
/** A number of microsiemens. */
export const uS = quantity('uS');
/** A number of nanosiemens. */
export const nS = quantity('nS');
/** A number of megaohms. */
export const Mohm = quantity('Mohm');
/** A number of gigaohms. */
export const Gohm = quantity('Gohm');
/** A number of micrometres. */
export const um = quantity('um');
/** A number of millimolar. */
export const mM = quantity('mM');
/** A number of micromolar. */
export const uM = quantity('uM');

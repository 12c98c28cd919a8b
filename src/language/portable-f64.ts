/**
 * The portable functions in f64, for the oracle mode of the CPU engine and for everything that the host computes: the
 * host's Math where it has the function, our own where it has not. Not bit-identical between JavaScript engines, which
 * may differ in the last place of Math.exp and its kin.
 */
import type { PortableFunction } from './kernel.ts';

/** (exp(x) - 1)/x, 1 at 0; relative error about 1e-16. */
export function exprel(x: number): number {
  if (x === 0) return 1;
  return Math.expm1(x) / x;
}

/** c[0] + x*(c[1] + …). */
function horner(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let index = coefficients.length - 1; index >= 0; index--) {
    sum = sum * x + (coefficients[index] as number);
  }
  return sum;
}

// Coefficients of PPND16, Wichura 1988, Algorithm AS 241, Applied Statistics 37:477-484, doi:10.2307/2347330.
const CENTRE_NUMERATOR = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_DENOMINATOR = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852546,
];
const MIDDLE_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_NUMERATOR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const FAR_DENOMINATOR = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * Inverse of the standard normal distribution function (Wichura 1988, AS 241 PPND16), relative error about 1e-16.
 * p = 0 and 1 give minus and plus infinity, p outside NaN.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(r, CENTRE_NUMERATOR)) / horner(r, CENTRE_DENOMINATOR);
  }
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Number.POSITIVE_INFINITY : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  const magnitude =
    r <= 5
      ? horner(r - 1.6, MIDDLE_NUMERATOR) / horner(r - 1.6, MIDDLE_DENOMINATOR)
      : horner(r - 5, FAR_NUMERATOR) / horner(r - 5, FAR_DENOMINATOR);
  return q < 0 ? -magnitude : magnitude;
}

/** The f64 form of every portable function. `pow` takes two arguments, the others one. */
export const PORTABLE_F64: Readonly<Record<PortableFunction, (x: number, y: number) => number>> = {
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  exprel: (x) => exprel(x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  tan: (x) => Math.tan(x),
  tanh: (x) => Math.tanh(x),
  sinh: (x) => Math.sinh(x),
  cosh: (x) => Math.cosh(x),
  arcsin: (x) => Math.asin(x),
  arccos: (x) => Math.acos(x),
  arctan: (x) => Math.atan(x),
  pow: (x, y) => x ** y,
  normal_quantile: (p) => normalQuantile(p),
};

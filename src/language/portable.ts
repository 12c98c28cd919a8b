/**
 * Our own elementary functions in f32, as kernel IR: exp, log, sin, … from operations whose IEEE results are exact
 * everywhere (+ - * / sqrt floor min max, comparisons, selects, bit patterns), so that WGSL, WebAssembly and
 * Math.fround agree to the bit wherever the device neither contracts a*b+c nor divides inexactly.
 *
 * Not for f64: the oracle mode uses the host's functions, see portable-f64.ts.
 *
 * What holds for all of them:
 * - Results are finite for finite arguments: where the true value overflows f32 the result saturates (WGSL compilers
 *   may assume that infinities do not occur). NaN comes out only of arguments outside the domain (log of a negative
 *   number, arcsin of 2, a negative number to a fractional power). NaN arguments give anything.
 * - Results below 2^-126 are zero and subnormal arguments of `log` and `pow` count as zero, because some GPUs flush
 *   subnormals and some do not.
 * - Products that must be exact have short factors, so contraction to a*b+c changes nothing where it matters. A
 *   compiler that reassociates costs digits (in the argument reductions), never sense.
 *
 * Largest errors against f64, in units in the last place of the result, measured over all exponents and mantissas by
 * tests/unit/language/portable.test.ts:
 *
 *     exp 1.0   expm1 1.7   exprel 1.8   log 0.9   log1p 1.4   pow 1.2   tanh 2.3   sinh 2.2   cosh 1.5
 *     arcsin 2.4   arccos 1.2   arctan 1.9   normal_quantile 2.8
 *     sin, cos 2.9 and tan 4.0 for |x| <= 1e5; beyond, the absolute error grows to about that of x itself
 */
import {
  add,
  and,
  binary,
  call,
  div,
  integer,
  literal,
  local,
  mul,
  type PortableDefinition,
  type PortableFunction,
  type Statement,
  select,
  sub,
  unary,
  type Value,
} from './kernel.ts';

/** Collects `let` statements; each call names an intermediate result and returns a reference to it. */
class Body {
  readonly statements: Statement[] = [];

  let(name: string, value: Value): Value {
    this.statements.push({ kind: 'let', name, value });
    return local(name, value.type);
  }
}

function define(
  name: PortableFunction,
  parameters: readonly string[],
  write: (body: Body, ...args: Value[]) => Value,
): PortableDefinition {
  const body = new Body();
  const result = write(body, ...parameters.map((parameter) => local(parameter)));
  return { name, parameters, body: body.statements, result };
}

/** An f32 literal: constants are rounded here, once, so that no emitter can round them differently. */
const f32 = (value: number): Value => literal(Math.fround(value));
const ZERO = f32(0);
const HALF = f32(0.5);
const ONE = f32(1);
const TWO = f32(2);

const floor = (a: Value): Value => unary('floor', a);
const negate = (a: Value): Value => unary('neg', a);
const absolute = (a: Value): Value => unary('abs', a);
const root = (a: Value): Value => unary('sqrt', a);
const bitsOf = (a: Value): Value => unary('bits_of', a);
const fromBits = (a: Value): Value => unary('from_bits', a);
const toInteger = (a: Value): Value => unary('to_i32', a);
const toFloat = (a: Value): Value => unary('to_f32', a);
const minimum = (a: Value, b: Value): Value => binary('min', a, b);
const maximum = (a: Value, b: Value): Value => binary('max', a, b);
const less = (a: Value, b: Value): Value => binary('lt', a, b);
const greater = (a: Value, b: Value): Value => binary('gt', a, b);
const equal = (a: Value, b: Value): Value => binary('eq', a, b);
const bitAnd = (a: Value, b: number): Value => binary('bit_and', a, integer(b));
const isSet = (a: Value, bit: number): Value => binary('ne', bitAnd(a, bit), integer(0));
const withSignOf = (sign: Value, magnitude: Value): Value =>
  select(less(sign, ZERO), negate(magnitude), magnitude);

/** c[0] + x*(c[1] + x*(c[2] + …)), coefficients rounded to f32. */
function polynomial(x: Value, coefficients: readonly number[]): Value {
  return coefficients
    .slice(0, -1)
    .reduceRight(
      (sum, coefficient) => add(f32(coefficient), mul(x, sum)),
      f32(coefficients.at(-1) ?? 0),
    );
}

/** 2^k as a float, for an integer k in -126…127: k + bias into the exponent field. */
const powerOfTwo = (k: Value): Value =>
  fromBits(binary('shift_left', add(k, integer(127)), integer(23)));

/** The leading 12 bits of the significand: products of two such numbers are exact. */
const leading = (a: Value): Value => fromBits(bitAnd(bitsOf(a), -4096));

/** NaN that the compiler cannot fold: the bits of `a` with exponent and quiet bit set. */
const notANumber = (a: Value): Value => fromBits(binary('bit_or', bitsOf(a), integer(0x7fc00000)));

/** ln 2 = HIGH + LOW; HIGH has 10 bits, so its product with an 8-bit exponent is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -0.00021219444005469057;
/** Largest argument of exp; its result, 2.406e38, is where exp, expm1, sinh and cosh saturate. */
const EXP_HIGH = 88.376;
/** exp is zero below: the next smaller results are subnormal. */
const EXP_LOW = -87.3365;
const SMALLEST_NORMAL = 2 ** -126;

/** Minimax coefficients of (exp(r) - 1 - r)/r^2 on |r| <= ln(2)/2, error 1.4e-8 relative to exp(r) - 1. */
const EXP_COEFFICIENTS = [0.5, 0.16666548, 0.0416668281, 0.00836611073, 0.00139004132];

/** x = k ln 2 + r with |r| <= ln(2)/2; `q` is (exp(r) - 1 - r)/r^2. */
function reduceExponent(body: Body, x: Value): { k: Value; r: Value; q: Value } {
  const k = body.let('k', floor(add(mul(x, f32(Math.LOG2E)), HALF)));
  const r = body.let('r', sub(sub(x, mul(k, f32(LN2_HIGH))), mul(k, f32(LN2_LOW))));
  const q = body.let('q', polynomial(r, EXP_COEFFICIENTS));
  return { k, r, q };
}

/** exp(x) - 1 from the reduced argument: 2^k (exp(r) - 1) + (2^k - 1), free of cancellation for every k. */
function reducedExpm1(body: Body, k: Value, r: Value, q: Value): Value {
  const scale = body.let('scale', powerOfTwo(toInteger(k)));
  const fraction = body.let('fraction', add(r, mul(mul(r, r), q)));
  return add(mul(scale, fraction), sub(scale, ONE));
}

const exp = define('exp', ['x'], (body, x) => {
  const bounded = body.let('bounded', maximum(minimum(x, f32(EXP_HIGH)), f32(EXP_LOW)));
  const { k, r, q } = reduceExponent(body, bounded);
  const fraction = body.let('fraction', add(ONE, add(r, mul(mul(r, r), q))));
  const value = mul(fraction, powerOfTwo(toInteger(k)));
  return select(less(x, f32(EXP_LOW)), ZERO, value);
});

const expm1 = define('expm1', ['x'], (body, x) => {
  // Below -30 the result is -1; the bound keeps 2^k a normal number.
  const bounded = body.let('bounded', maximum(minimum(x, f32(EXP_HIGH)), f32(-30)));
  const { k, r, q } = reduceExponent(body, bounded);
  return reducedExpm1(body, k, r, q);
});

/** (exp(x) - 1)/x, 1 at 0: the factor of the exponential integrators. */
const exprel = define('exprel', ['x'], (body, x) => {
  const upper = body.let('upper', minimum(x, f32(EXP_HIGH)));
  const { k, r, q } = reduceExponent(body, maximum(upper, f32(-30)));
  const near = body.let('near', equal(k, ZERO));
  const numerator = body.let('numerator', reducedExpm1(body, k, r, q));
  const far = div(numerator, select(near, ONE, upper));
  return select(near, add(ONE, mul(r, q)), far);
});

/** Minimax coefficients of (log(1+m) - m + m^2/2)/m^3 for 1+m between sqrt(1/2) and sqrt(2), error 6e-9. */
const LOG_COEFFICIENTS = [
  0.333333313, -0.250008196, 0.200012416, -0.166234106, 0.142015859, -0.131595984, 0.127621427,
  -0.0763636306,
];
/** Bits of sqrt(1/2): subtracting them before the shift splits x = 2^e (1+m) with 1+m in [sqrt(1/2), sqrt(2)). */
const ROOT_HALF_BITS = 0x3f3504f3;

/** x = 2^e * fraction, fraction in [sqrt(1/2), sqrt(2)); x a positive normal number. */
function splitExponent(body: Body, x: Value): { e: Value; fraction: Value } {
  const bits = body.let('bits', sub(bitsOf(x), integer(ROOT_HALF_BITS)));
  const e = body.let('e', binary('shift_right', bits, integer(23)));
  const fraction = body.let(
    'fraction',
    fromBits(add(bitAnd(bits, 0x7fffff), integer(ROOT_HALF_BITS))),
  );
  return { e, fraction };
}

/** e ln 2 + log(1 + m). */
function logOf(body: Body, e: Value, m: Value): Value {
  const square = body.let('square', mul(m, m));
  const exponent = body.let('exponent', toFloat(e));
  const tail = body.let('tail', mul(mul(m, square), polynomial(m, LOG_COEFFICIENTS)));
  const low = body.let('low', sub(add(tail, mul(exponent, f32(LN2_LOW))), mul(HALF, square)));
  return add(add(m, low), mul(exponent, f32(LN2_HIGH)));
}

/** log(x); log(0) saturates at log(2^-126) = -87.34. */
const log = define('log', ['x'], (body, x) => {
  const { e, fraction } = splitExponent(body, maximum(x, f32(SMALLEST_NORMAL)));
  const m = body.let('m', sub(fraction, ONE));
  return select(less(x, ZERO), notANumber(x), logOf(body, e, m));
});

/** log(1+x). The exponent comes from the rounded 1+x, but m = x 2^-e + (2^-e - 1) from x itself, so no bits are lost. */
const log1p = define('log1p', ['x'], (body, x) => {
  const sum = body.let('sum', maximum(add(ONE, x), f32(SMALLEST_NORMAL)));
  const { e, fraction } = splitExponent(body, sum);
  // Above 2^24 the 1 is lost in x anyway, and 2^-e would become subnormal.
  const large = body.let('large', binary('gt', e, integer(24)));
  const scale = body.let('scale', powerOfTwo(sub(integer(0), binary('min', e, integer(24)))));
  const exact = add(mul(x, scale), sub(scale, ONE));
  const m = body.let('m', select(large, sub(fraction, ONE), maximum(exact, f32(-0.5))));
  return select(less(x, f32(-1)), notANumber(x), logOf(body, e, m));
});

/** pi/2 - Math.PI/2: the bits that a double has no room for. */
const HALF_PI_BEYOND_F64 = 6.123233995736766e-17;
/** pi/2 in pieces of 8 bits, whose products with quadrant numbers below 2^16 are exact, and a rest of 24. */
const HALF_PI_PIECES = piecesOf(Math.PI / 2, HALF_PI_BEYOND_F64, 8, 5);

/** The leading `count` pieces, `bits` bits each, of value + beyond, and what then remains. */
function piecesOf(value: number, beyond: number, bits: number, count: number): number[] {
  const pieces: number[] = [];
  let rest = value;
  for (let index = 0; index < count; index++) {
    const unit = 2 ** (Math.floor(Math.log2(rest)) - bits + 1);
    const piece = Math.floor(rest / unit) * unit;
    pieces.push(piece);
    rest -= piece;
  }
  return [...pieces, rest + beyond];
}

const SIN_COEFFICIENTS = [-0.166666552, 0.00833218731, -0.000195178975];
const COS_COEFFICIENTS = [0.0416666456, -0.00138873095, 2.44323273e-5];

/** sin and cos of r where x = quadrant * pi/2 + r, |r| <= pi/4. */
function reduceQuadrant(body: Body, x: Value): { sine: Value; cosine: Value; quadrant: Value } {
  const k = body.let('k', floor(add(mul(x, f32(2 / Math.PI)), HALF)));
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0] = HALF_PI_PIECES;
  const part = (piece: number): Value => mul(k, f32(piece));
  // Exact up to p2; the last two are so small that their sum may be rounded first.
  const coarse = sub(sub(sub(x, part(p0)), part(p1)), part(p2));
  const rest = sub(sub(coarse, part(p3)), add(part(p4), part(p5)));
  // The bound matters only beyond |x| = 1e5, where the subtractions above are no longer exact.
  const r = body.let('r', maximum(minimum(rest, f32(0.79)), f32(-0.79)));
  const square = body.let('square', mul(r, r));
  const sine = body.let('sine', add(r, mul(mul(r, square), polynomial(square, SIN_COEFFICIENTS))));
  const cosine = body.let(
    'cosine',
    add(
      sub(ONE, mul(HALF, square)),
      mul(mul(square, square), polynomial(square, COS_COEFFICIENTS)),
    ),
  );
  return { sine, cosine, quadrant: body.let('quadrant', toInteger(k)) };
}

const sin = define('sin', ['x'], (body, x) => {
  const { sine, cosine, quadrant } = reduceQuadrant(body, x);
  const magnitude = body.let('magnitude', select(isSet(quadrant, 1), cosine, sine));
  return select(isSet(quadrant, 2), negate(magnitude), magnitude);
});

const cos = define('cos', ['x'], (body, x) => {
  const { sine, cosine, quadrant } = reduceQuadrant(body, x);
  const magnitude = body.let('magnitude', select(isSet(quadrant, 1), sine, cosine));
  return select(isSet(add(quadrant, integer(1)), 2), negate(magnitude), magnitude);
});

const tan = define('tan', ['x'], (body, x) => {
  const { sine, cosine, quadrant } = reduceQuadrant(body, x);
  const odd = body.let('odd', isSet(quadrant, 1));
  return div(select(odd, cosine, sine), select(odd, negate(sine), cosine));
});

const tanh = define('tanh', ['x'], (body, x) => {
  // tanh(10) is 1 in f32.
  const magnitude = body.let('magnitude', minimum(absolute(x), f32(10)));
  const grown = body.let('grown', call('expm1', mul(TWO, magnitude)));
  return withSignOf(x, div(grown, add(grown, TWO)));
});

const sinh = define('sinh', ['x'], (body, x) => {
  const grown = body.let('grown', call('expm1', absolute(x)));
  return withSignOf(x, mul(HALF, add(grown, div(grown, add(grown, ONE)))));
});

const cosh = define('cosh', ['x'], (body, x) => {
  const grown = body.let('grown', call('exp', absolute(x)));
  return add(mul(HALF, grown), div(HALF, grown));
});

/** pi/2 = HIGH + LOW in two f32. */
const HALF_PI_HIGH = Math.fround(Math.PI / 2);
const HALF_PI_LOW = Math.PI / 2 - HALF_PI_HIGH;
const ARCSIN_COEFFICIENTS = [0.166667521, 0.0749530643, 0.0454697683, 0.0241808109, 0.0421663225];
const ARCTAN_COEFFICIENTS = [-0.333333164, 0.199985266, -0.142443448, 0.105987288, -0.0608874038];

/** For |x| <= 1/2 arcsin(|x|), else arcsin(sqrt((1-|x|)/2)), from which both inverse functions follow. */
function arcsinParts(body: Body, x: Value): { outer: Value; partial: Value; outside: Value } {
  const magnitude = body.let('magnitude', absolute(x));
  const outer = body.let('outer', greater(magnitude, HALF));
  const complement = maximum(mul(HALF, sub(ONE, magnitude)), ZERO);
  const square = body.let('square', select(outer, complement, mul(magnitude, magnitude)));
  const s = body.let('s', select(outer, root(square), magnitude));
  const partial = body.let(
    'partial',
    add(s, mul(mul(s, square), polynomial(square, ARCSIN_COEFFICIENTS))),
  );
  return { outer, partial, outside: greater(magnitude, ONE) };
}

/** HIGH + LOW - a, the low part first so that it is not lost. */
const halfPiMinus = (a: Value): Value => sub(f32(HALF_PI_HIGH), sub(a, f32(HALF_PI_LOW)));

const arcsin = define('arcsin', ['x'], (body, x) => {
  const { outer, partial, outside } = arcsinParts(body, x);
  const value = withSignOf(x, select(outer, halfPiMinus(mul(TWO, partial)), partial));
  return select(outside, notANumber(x), value);
});

const arccos = define('arccos', ['x'], (body, x) => {
  const { outer, partial, outside } = arcsinParts(body, x);
  const twice = body.let('twice', mul(TWO, partial));
  const beyond = sub(f32(2 * HALF_PI_HIGH), sub(twice, f32(2 * HALF_PI_LOW)));
  const ends = select(less(x, ZERO), beyond, twice);
  const value = select(outer, ends, halfPiMinus(withSignOf(x, partial)));
  return select(outside, notANumber(x), value);
});

/** Reduced to |t| <= tan(pi/8) by arctan(a) = pi/4 + arctan((a-1)/(a+1)) = pi/2 - arctan(1/a). */
const arctan = define('arctan', ['x'], (body, x) => {
  const magnitude = body.let('magnitude', absolute(x));
  const middle = body.let('middle', greater(magnitude, f32(Math.SQRT2 - 1)));
  const steep = body.let('steep', greater(magnitude, f32(Math.SQRT2 + 1)));
  const numerator = select(steep, f32(-1), select(middle, sub(magnitude, ONE), magnitude));
  const denominator = select(steep, magnitude, select(middle, add(magnitude, ONE), ONE));
  const t = body.let('t', div(numerator, denominator));
  const square = body.let('square', mul(t, t));
  const high = select(steep, f32(HALF_PI_HIGH), select(middle, f32(HALF_PI_HIGH / 2), ZERO));
  const low = select(steep, f32(HALF_PI_LOW), select(middle, f32(HALF_PI_LOW / 2), ZERO));
  const tail = mul(mul(t, square), polynomial(square, ARCTAN_COEFFICIENTS));
  return withSignOf(x, add(high, add(t, add(tail, low))));
});

/** Coefficients of 3 (atanh(s)/s - 1 - s^2/3)/s^4 in s^2. */
const ATANH_COEFFICIENTS = [0.599999964, 0.428579599, 0.332694173, 0.29339391];
/** 2/(3 ln 2) = HIGH + LOW, HIGH of 12 bits. */
const LOG2_SCALE = 2 / (3 * Math.LN2);
const LOG2_SCALE_HIGH = 0.9619140625;
const LOG2_SCALE_LOW = LOG2_SCALE - LOG2_SCALE_HIGH;

/**
 * log2(x) as high + low, high of 12 bits, to about 2^-36 relative, after e_powf of fdlibm (Sun Microsystems 1993) with
 * one interval instead of two: s = (f-1)/(f+1), log(f) = 2/3 s (3 + s^2 + 3/5 s^4 + …). Every product that must be
 * exact has two 12-bit factors.
 */
function log2Pair(body: Body, x: Value): { high: Value; low: Value } {
  const { e, fraction } = splitExponent(body, x);
  const u = body.let('u', sub(fraction, ONE));
  const inverse = body.let('inverse', div(ONE, add(fraction, ONE)));
  const s = body.let('s', mul(u, inverse));
  const sHigh = body.let('s_high', leading(s));
  const sumHigh = body.let('sum_high', leading(add(fraction, ONE)));
  const sumLow = body.let('sum_low', sub(fraction, sub(sumHigh, ONE)));
  const sLow = body.let(
    's_low',
    mul(inverse, sub(sub(u, mul(sHigh, sumHigh)), mul(sHigh, sumLow))),
  );
  const square = body.let('square', mul(s, s));
  const series = mul(mul(square, square), polynomial(square, ATANH_COEFFICIENTS));
  const rest = body.let('rest', add(series, mul(sLow, add(sHigh, s))));
  const squareHigh = body.let('square_high', mul(sHigh, sHigh));
  const tHigh = body.let('t_high', leading(add(add(f32(3), squareHigh), rest)));
  const tLow = body.let('t_low', sub(rest, sub(sub(tHigh, f32(3)), squareHigh)));
  const productHigh = body.let('product_high', mul(sHigh, tHigh));
  const productLow = body.let('product_low', add(mul(sLow, tHigh), mul(tLow, s)));
  const pHigh = body.let('p_high', leading(add(productHigh, productLow)));
  const pLow = body.let('p_low', sub(productLow, sub(pHigh, productHigh)));
  const zHigh = body.let('z_high', mul(f32(LOG2_SCALE_HIGH), pHigh));
  const zLow = body.let('z_low', add(mul(f32(LOG2_SCALE_LOW), pHigh), mul(pLow, f32(LOG2_SCALE))));
  const exponent = body.let('exponent', toFloat(e));
  const high = body.let('log_high', leading(add(add(zHigh, zLow), exponent)));
  const low = body.let('log_low', sub(zLow, sub(sub(high, exponent), zHigh)));
  return { high, low };
}

/** 2^(high + low), saturating at 2^127.49 and zero below 2^-126. */
function exp2OfPair(body: Body, high: Value, low: Value): Value {
  const sum = body.let('sum', add(high, low));
  const bounded = maximum(minimum(sum, f32(127.49)), f32(-126));
  const k = body.let('k', floor(add(bounded, HALF)));
  const offset = add(sub(high, k), low);
  const g = body.let('g', maximum(minimum(offset, f32(0.501)), f32(-0.501)));
  const r = body.let('r', mul(g, f32(Math.LN2)));
  const q = body.let('q', polynomial(r, EXP_COEFFICIENTS));
  const fractional = add(ONE, add(r, mul(mul(r, r), q)));
  const power = mul(fractional, powerOfTwo(toInteger(k)));
  const large = f32(2 ** 127.49);
  return select(less(sum, f32(-126)), ZERO, select(greater(sum, f32(127.49)), large, power));
}

/** base^exponent; a negative base needs an integer exponent, else NaN; 0^0 = 1; 0^negative saturates. */
const pow = define('pow', ['x', 'y'], (body, x, y) => {
  const magnitude = body.let('magnitude', absolute(x));
  const isZero = body.let('is_zero', less(magnitude, f32(SMALLEST_NORMAL)));
  const { high, low } = log2Pair(body, maximum(magnitude, f32(SMALLEST_NORMAL)));
  // Beyond 1e10 every base but 1 saturates; the bound keeps the products finite.
  const bounded = body.let('y_bounded', maximum(minimum(y, f32(1e10)), f32(-1e10)));
  const yHigh = body.let('y_high', leading(bounded));
  const yLow = body.let('y_low', sub(bounded, yHigh));
  const power = body.let(
    'power',
    exp2OfPair(body, mul(yHigh, high), add(mul(yLow, high), mul(bounded, low))),
  );
  const atZero = select(less(y, ZERO), f32(2 ** 127.49), select(greater(y, ZERO), ZERO, ONE));
  const positive = body.let('positive', select(isZero, atZero, power));
  const isNegative = body.let('is_negative', less(x, ZERO));
  const half = mul(HALF, y);
  const isOdd = binary('ne', floor(half), half);
  const signed = select(and(isNegative, isOdd), negate(positive), positive);
  const isFractional = binary('ne', floor(y), y);
  return select(and(isNegative, isFractional), notANumber(x), signed);
});

/** Quantile/(2p-1) in w - 2.5 for w < 5, w = -log(4p(1-p)), after Giles (2012, GPU Computing Gems, ch. 10). */
const QUANTILE_CENTRE = [
  2.12331343, 0.34880203, -0.00590749877, -0.00177160394, 0.000308625604, -7.04927652e-6,
  -4.85813234e-6, 6.66503354e-7, 2.98554461e-8, -1.29857938e-8,
];
/** The same in sqrt(w) - 3 for 5 <= w <= 16. */
const QUANTILE_TAIL = [
  4.00643444, 1.41658282, 0.0133480979, -0.0108093275, 0.00810736325, -0.00506334892, 0.00195261813,
  -7.69284889e-5, -0.000327337068, 0.000126233921,
];

/** Standard normal quantile for p in [2^-25, 1 - 2^-24], all that a draw can give; saturates at ±5.4 outside. */
const normalQuantile = define('normal_quantile', ['p'], (body, p) => {
  const product = mul(mul(f32(4), p), sub(ONE, p));
  const w = body.let('w', minimum(negate(call('log', maximum(product, f32(1e-7)))), f32(16)));
  const isTail = body.let('is_tail', greater(w, f32(5)));
  const tailArgument = sub(root(maximum(w, ZERO)), f32(3));
  const t = body.let('t', select(isTail, tailArgument, sub(w, f32(2.5))));
  const coefficient = (index: number): Value =>
    select(isTail, f32(QUANTILE_TAIL[index] ?? 0), f32(QUANTILE_CENTRE[index] ?? 0));
  let ratio = coefficient(QUANTILE_CENTRE.length - 1);
  for (let index = QUANTILE_CENTRE.length - 2; index >= 0; index--) {
    ratio = body.let(`ratio_${index}`, add(coefficient(index), mul(t, ratio)));
  }
  return mul(sub(mul(TWO, p), ONE), ratio);
});

/**
 * All portable functions, in an order in which each calls only earlier ones (tanh and sinh call expm1, cosh calls exp,
 * normal_quantile calls log).
 */
export const PORTABLE: Readonly<Record<PortableFunction, PortableDefinition>> = {
  exp,
  expm1,
  exprel,
  log,
  log1p,
  sin,
  cos,
  tan,
  tanh,
  sinh,
  cosh,
  arcsin,
  arccos,
  arctan,
  pow,
  normal_quantile: normalQuantile,
};

export { PORTABLE_F64 } from './portable-f64.ts';

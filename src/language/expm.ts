/**
 * Small dense linear algebra in f64 for exact integration: the matrix exponential and the solution of a linear system.
 * Matrices are square, row-major, a few rows; nothing here is meant for large ones.
 */

const product = (a: Float64Array, b: Float64Array, n: number): Float64Array => {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) {
        result[i * n + j] = (result[i * n + j] as number) + factor * (b[k * n + j] as number);
      }
    }
  }
  return result;
};

/** Largest sum of absolute values of a row. */
function norm(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += Math.abs(a[i * n + j] as number);
    largest = Math.max(largest, row);
  }
  return largest;
}

/**
 * exp(a) of an n by n matrix: scaled until the norm is below 1/2, Taylor series to the last bit, squared back. The
 * powers of e^a - 1 are carried instead of those of e^a, so that small steps lose nothing. Not finite in, not finite
 * out.
 */
export function matrixExponential(a: Float64Array, n: number): Float64Array {
  const size = norm(a, n);
  if (!Number.isFinite(size)) return new Float64Array(n * n).fill(Number.NaN);
  const halvings = size > 0.5 ? Math.ceil(Math.log2(size / 0.5)) : 0;
  const scaled = a.map((x) => x * 2 ** -halvings);
  // Horner: a(1 + a/2(1 + a/3(…))) is e^a - 1; 17 terms leave less than 1e-19 at norm 1/2.
  let series = new Float64Array(n * n);
  for (let k = 17; k >= 1; k--) {
    const inner = series.map((x) => x / k);
    for (let i = 0; i < n; i++) inner[i * n + i] = (inner[i * n + i] as number) + 1 / k;
    series = product(scaled, inner, n) as Float64Array<ArrayBuffer>;
  }
  // (1 + s)^2 - 1 = 2s + s².
  for (let k = 0; k < halvings; k++) {
    const square = product(series, series, n);
    series = series.map((x, i) => 2 * x + (square[i] as number));
  }
  for (let i = 0; i < n; i++) series[i * n + i] = (series[i * n + i] as number) + 1;
  return series;
}

/**
 * Solves a x = b by elimination with row pivoting. Null when the matrix is singular to working precision.
 */
export function solveLinear(a: Float64Array, b: Float64Array, n: number): Float64Array | null {
  const m = a.slice();
  const x = b.slice();
  const scale = norm(a, n);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      const candidate = Math.abs(m[row * n + column] as number);
      if (candidate > Math.abs(m[pivot * n + column] as number)) pivot = row;
    }
    if (!(Math.abs(m[pivot * n + column] as number) > 1e-14 * scale)) return null;
    swapRows(m, x, n, pivot, column);
    for (let row = column + 1; row < n; row++) {
      const factor = (m[row * n + column] as number) / (m[column * n + column] as number);
      if (factor === 0) continue;
      for (let k = column; k < n; k++) {
        m[row * n + k] = (m[row * n + k] as number) - factor * (m[column * n + k] as number);
      }
      x[row] = (x[row] as number) - factor * (x[column] as number);
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) {
      x[row] = (x[row] as number) - (m[row * n + k] as number) * (x[k] as number);
    }
    x[row] = (x[row] as number) / (m[row * n + row] as number);
  }
  return x;
}

function swapRows(m: Float64Array, x: Float64Array, n: number, a: number, b: number): void {
  if (a === b) return;
  for (let k = 0; k < n; k++) {
    const held = m[a * n + k] as number;
    m[a * n + k] = m[b * n + k] as number;
    m[b * n + k] = held;
  }
  const held = x[a] as number;
  x[a] = x[b] as number;
  x[b] = held;
}

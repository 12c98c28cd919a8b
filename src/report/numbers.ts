/** Numbers as reports and tables show them: few digits, a unit, no trailing noise. */

/** Three significant digits, whole from 100 on: "0.0312", "1.56", "12.5", "230". */
export function plain(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return grouped(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** "1,250,000". */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** "31.2 ms", "1.56 s", "4 min 5 s". */
export function seconds(value: number): string {
  if (value < 1e-3) return `${plain(value * 1e6)} µs`;
  if (value < 1) return `${plain(value * 1e3)} ms`;
  if (value < 100) return `${plain(value)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** "320 k", "15.6 M", "1 G". */
export function short(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  const power = value < 1 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return `${plain(value / 1000 ** power)}${units[power]}`;
}

/** "14.1 MiB". */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(4, Math.floor(Math.log2(Math.max(value, 1)) / 10));
  return `${plain(value / 1024 ** power)} ${units[power]}`;
}

/** "+1.2 %". */
export const percent = (share: number): string =>
  `${share >= 0 ? '+' : '−'}${Math.abs(share * 100).toFixed(1)} %`;

/** "1 repetition", "5 repetitions". */
export const counted = (value: number, what: string): string =>
  `${grouped(value)} ${what}${value === 1 ? '' : 's'}`;

/** Numbers as the page writes them. */

export const formatNumber = (value: number): string => value.toLocaleString('en');

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Milliseconds below ten seconds, seconds above. */
export function formatTime(ms: number, digits = 1): string {
  return Math.abs(ms) < 10_000 ? `${ms.toFixed(digits)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function formatSpeed(realtimeFactor: number): string {
  if (!Number.isFinite(realtimeFactor)) return '–';
  return realtimeFactor >= 1
    ? `${realtimeFactor.toFixed(1)}× slower than real time`
    : `${(1 / realtimeFactor).toFixed(1)}× faster than real time`;
}

/** How fast it runs: held back to a pace, or as fast as it can. */
export function formatPace(pace: 'fast' | number, realtimeFactor: number): string {
  if (pace === 'fast' || !(realtimeFactor * pace < 0.95)) return formatSpeed(realtimeFactor);
  const held = pace === 1 ? 'real time' : `${pace}× real time`;
  const possible = 1 / realtimeFactor;
  return `${held} (up to ${possible < 10 ? possible.toFixed(1) : possible.toFixed(0)}× possible)`;
}

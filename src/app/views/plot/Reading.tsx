/** The statistics of the shown time in plain words, for eyes and for screen readers. */
import { readingsOf } from './reading.ts';
import { useStatistics } from './statistics.ts';

/** Named at most, before "and others". */
const MOST_NAMES = 4;
/** Kinds of activity that are told. */
const MOST_READINGS = 3;

export function Reading() {
  const { value } = useStatistics();
  const statistics = value.value;
  if (!statistics) return <p class="plot-reading quiet small">Counting spikes…</p>;
  const readings = readingsOf(statistics.populations);
  const isOne = readings.length === 1;
  return (
    <p class="plot-reading small">
      {readings.slice(0, MOST_READINGS).map(({ populations, words }, index) => (
        <span key={words}>
          {index > 0 && ' · '}
          {!isOne && <span class="quiet">{namesOf(populations)}: </span>}
          {isOne ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : words}
        </span>
      ))}
      {isOne && '.'}
      {readings.length > MOST_READINGS && (
        <span class="quiet"> · {readings.length - MOST_READINGS} more in Statistics</span>
      )}
    </p>
  );
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** What an export is doing, or what came of it, under the buttons that began it. */
import type { Work } from './work.ts';

export function WorkLine({ work }: { work: Work }) {
  const { progress, said, isFailure, notes } = work;
  if (progress) {
    const { message, fraction } = progress;
    return (
      <div class="work" role="status">
        <p class="small">
          {message}…{' '}
          <button type="button" class="plain small" onClick={work.cancel}>
            Cancel
          </button>
        </p>
        <div class={fraction === null ? 'progress-line unknown' : 'progress-line'}>
          <div style={fraction === null ? {} : { width: `${Math.round(fraction * 100)}%` }} />
        </div>
      </div>
    );
  }
  return (
    <div class="work">
      {said !== '' && (
        <p class={isFailure ? 'work-failure' : 'work-done'} role={isFailure ? 'alert' : 'status'}>
          {said}
        </p>
      )}
      {notes.length > 0 && (
        <ul class="small work-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What went wrong and what to do about it. */
import { useApp } from './context.ts';

export function Failed() {
  const { session } = useApp();
  const failure = session.failure.value;
  if (!failure) return null;
  const lead = failure.reason === 'lost' ? 'The graphics device was lost while running. ' : '';
  return (
    <div id="failure" class="failure" role="alert">
      <p>{lead + failure.message}</p>
      {(failure.reason === 'lost' || failure.reason === 'device') && (
        <button
          id="recover"
          type="button"
          onClick={() =>
            session.recover({
              engine: 'cpu',
              checkpoint: failure.checkpoint,
              fromStep: session.run.value.step,
            })
          }
        >
          Go on on the CPU
        </button>
      )}
    </div>
  );
}

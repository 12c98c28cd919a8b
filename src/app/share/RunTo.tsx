/** Runs to a time and pauses there exactly, and says the hash of all spikes until then: what somebody else can repeat. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatTime } from '../shell/format.ts';

export function RunTo() {
  const { session } = useApp();
  const info = session.info.value;
  const phase = session.phase.value;
  const { step, timeMs } = session.run.value;
  const [target, setTarget] = useState(1000);
  const [hash, setHash] = useState('');
  const isPaused = phase === 'paused' && session.building.value === null;
  useEffect(() => {
    setHash('');
    if (!isPaused || step === 0) return;
    let isGone = false;
    session.call('spikeHash', []).then(
      (found) => !isGone && setHash(found),
      // The network was replaced meanwhile.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [session, isPaused, step]);
  if (!info) return <p class="quiet">The network is being built.</p>;
  return (
    <div class="run-to">
      <label>
        Run to{' '}
        <input
          id="run-to"
          type="number"
          min={info.dtMs}
          step={info.dtMs}
          value={target}
          onChange={({ currentTarget }) => {
            const value = Number(currentTarget.value);
            if (Number.isFinite(value) && value > 0) setTarget(value);
            else currentTarget.value = String(target);
          }}
        />{' '}
        ms
      </label>
      <button
        type="button"
        id="run-to-go"
        onClick={() => session.runTo(Math.max(1, Math.round(target / info.dtMs)))}
      >
        Run and pause there
      </button>
      <p class="small quiet numbers">
        Now at <span id="run-now">{formatTime(timeMs)}</span>
        {hash !== '' && (
          <>
            , hash of all spikes <code id="spike-hash">{hash}</code>
          </>
        )}
        {phase === 'running' && ', running'}
      </p>
    </div>
  );
}

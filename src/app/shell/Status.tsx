/** Title, citation, what is being built, and the figures of what runs. */

import type { App } from '../state/app.ts';
import { paceOf } from '../state/session.ts';
import { useApp } from './context.ts';
import { formatBytes, formatNumber, formatPace, formatTime } from './format.ts';

export function Status() {
  const { session } = useApp();
  const info = session.info.value;
  return (
    <div class="status">
      <div class="title">
        <h2 id="title">{info?.title ?? 'wetware'}</h2>
      </div>
      {info && info.citation !== '' && (
        <p id="citation" class="citation quiet small" title={info.citation}>
          {info.citation}
        </p>
      )}
      <Figures />
      <Building />
    </div>
  );
}

/** A new network in the making; what runs goes on meanwhile. */
function Building() {
  const app = useApp();
  const { session } = app;
  const building = session.building.value;
  if (!building) return null;
  const { message, fraction } = building;
  return (
    <div id="building" role="status">
      <p class="small quiet">
        {message}…{' '}
        {session.info.value && (
          <button type="button" class="plain small" onClick={() => cancelBuild(app)}>
            Cancel
          </button>
        )}
      </p>
      <div class={fraction === null ? 'progress-line unknown' : 'progress-line'}>
        <div style={fraction === null ? {} : { width: `${Math.round(fraction * 100)}%` }} />
      </div>
    </div>
  );
}

/** Of an example with other values nothing is known yet: it goes back to what runs. */
export function cancelBuild({ session, project, undo }: App): void {
  session.cancel();
  if (project.value.document === null) undo();
}

function Figures() {
  const { session, project } = useApp();
  const info = session.info.value;
  const { timeMs, realtimeFactor } = session.run.value;
  const isRunning = session.phase.value === 'running';
  const pace = paceOf(project.value.run.pace, info);
  const engine = !info
    ? '–'
    : info.engine === 'gpu'
      ? `WebGPU, ${info.adapter ?? 'unnamed adapter'}`
      : 'CPU (WebAssembly SIMD)';
  return (
    <dl class="figures">
      <Figure name="Time" id="time" value={formatTime(timeMs)} />
      <Figure name="Speed" id="speed" value={isRunning ? formatPace(pace, realtimeFactor) : '–'} />
      <Figure name="Neurons" id="neurons" value={info ? formatNumber(info.neurons) : '–'} />
      <Figure name="Synapses" id="synapses" value={info ? formatNumber(info.synapses) : '–'} />
      <Kept />
      <Figure name="Memory" id="memory" value={info ? formatBytes(info.memoryBytes) : '–'} />
      <Figure name="Engine" id="engine-used" value={engine} />
    </dl>
  );
}

/** Only where a run has brought more spikes than are kept. */
function Kept() {
  const kept = useApp().session.kept.value;
  if (!kept) return null;
  const { dropped, fromMs } = kept;
  return (
    <Figure
      name="Spikes kept"
      id="kept"
      value={`from ${formatTime(fromMs)} on; ${formatNumber(dropped)} older ones dropped`}
    />
  );
}

function Figure({ name, id, value }: { name: string; id: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd id={id}>{value}</dd>
    </div>
  );
}

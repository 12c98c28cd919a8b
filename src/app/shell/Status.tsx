/** Title, citation and the figures of what runs. */
import { useApp } from './context.ts';
import { formatBytes, formatNumber, formatSpeed, formatTime } from './format.ts';

export function Status() {
  const { session } = useApp();
  const info = session.info.value;
  const building = session.building.value;
  return (
    <div class="status">
      <h2 id="title">{building ? `${building.message}…` : (info?.title ?? 'Loading…')}</h2>
      {info && info.citation !== '' && (
        <p id="citation" class="quiet">
          {info.citation}
        </p>
      )}
      <Figures />
    </div>
  );
}

function Figures() {
  const { session } = useApp();
  const info = session.info.value;
  const { timeMs, realtimeFactor } = session.run.value;
  const isRunning = session.phase.value === 'running';
  const engine = !info
    ? '–'
    : info.engine === 'gpu'
      ? `WebGPU, ${info.adapter ?? 'unnamed adapter'}`
      : 'CPU (WebAssembly SIMD)';
  return (
    <dl class="figures">
      <Figure name="Time" id="time" value={formatTime(timeMs)} />
      <Figure name="Speed" id="speed" value={isRunning ? formatSpeed(realtimeFactor) : '–'} />
      <Figure name="Neurons" id="neurons" value={info ? formatNumber(info.neurons) : '–'} />
      <Figure name="Synapses" id="synapses" value={info ? formatNumber(info.synapses) : '–'} />
      <Figure name="Memory" id="memory" value={info ? formatBytes(info.memoryBytes) : '–'} />
      <Figure name="Engine" id="engine-used" value={engine} />
    </dl>
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

/** What a person should know of how it runs here: warnings, software adapters, accelerated clocks. And short notices. */
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../state/app.ts';
import { useApp } from './context.ts';

/** Everything worth saying of the network that runs, in sentences. */
export function remarksOf({ session, project }: App): string[] {
  const info = session.info.value;
  const remarks = [...session.warnings.value];
  if (!info) return remarks;
  if (info.engine === 'cpu' && project.value.run.engine !== 'cpu' && info.webgpu === 'none') {
    remarks.push(
      'To run on the GPU take Chrome or Edge 113, Safari 26 or Firefox 141, or newer; in Chrome, chrome://gpu says why WebGPU is off.',
    );
  }
  if (info.engine === 'gpu' && info.webgpu === 'software') {
    remarks.push(
      'WebGPU runs on a software adapter here: right results, but no measure of a GPU’s speed.',
    );
  }
  if (session.kept.value) {
    remarks.push(
      'More than ten million spikes: the oldest are let go, and pictures, statistics and exports are of the time that is kept. Save earlier, or take the command of Share, Export, which writes all of them.',
    );
  }
  if (info.accelerations !== '') {
    remarks.push(`Slow equations run faster than the network: ${info.accelerations}.`);
  }
  return remarks;
}

export function Banner() {
  const app = useApp();
  const text = remarksOf(app).join(' ');
  /** What was closed; another text opens it again. */
  const [closed, setClosed] = useState('');
  return (
    <>
      {text !== '' && text !== closed && (
        <div id="banner" class="banner" role="status">
          <span>{text}</span>
          <button type="button" aria-label="Close the banner" onClick={() => setClosed(text)}>
            ×
          </button>
        </div>
      )}
      <Said />
    </>
  );
}

function Said() {
  const { notice } = useApp();
  const said = notice.value;
  useEffect(() => {
    if (said?.kind !== 'done') return;
    const timer = setTimeout(
      () => {
        if (notice.value === said) notice.value = null;
      },
      said.action ? 12_000 : 6000,
    );
    return () => clearTimeout(timer);
  }, [said, notice]);
  if (!said) return null;
  return (
    <div id="notice" class={`notice ${said.kind}`} role={said.kind === 'done' ? 'status' : 'alert'}>
      <span>{said.text}</span>
      {said.action && (
        <button
          type="button"
          onClick={() => {
            notice.value = null;
            said.action?.act();
          }}
        >
          {said.action.title}
        </button>
      )}
      <button
        type="button"
        aria-label="Close the notice"
        onClick={() => {
          notice.value = null;
        }}
      >
        ×
      </button>
    </div>
  );
}

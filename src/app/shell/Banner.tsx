/** What a person should know of how it runs here: warnings, software adapters, accelerated clocks. And short notices. */
import { useEffect } from 'preact/hooks';
import { useApp } from './context.ts';

export function Banner() {
  const { session, project, notice } = useApp();
  const info = session.info.value;
  const notes: string[] = [...session.warnings.value];
  if (info?.engine === 'cpu' && project.value.run.engine !== 'cpu' && info.webgpu === 'none') {
    notes.push(
      'To run on the GPU take Chrome or Edge 113, Safari 26 or Firefox 141, or newer; in Chrome, chrome://gpu says why WebGPU is off.',
    );
  }
  if (info?.engine === 'gpu' && info.webgpu === 'software') {
    notes.push(
      'WebGPU runs on a software adapter here: right results, but no measure of a GPU’s speed.',
    );
  }
  if (info && info.accelerations !== '') {
    notes.push(`Slow equations run faster than the network: ${info.accelerations}.`);
  }
  const said = notice.value;
  useEffect(() => {
    if (said?.kind !== 'done') return;
    const timer = setTimeout(() => {
      if (notice.value === said) notice.value = null;
    }, 6000);
    return () => clearTimeout(timer);
  }, [said, notice]);
  return (
    <>
      {notes.length > 0 && (
        <p id="banner" class="banner" role="status">
          {notes.join(' ')}
        </p>
      )}
      {said && (
        <p
          id="notice"
          class={`notice ${said.kind}`}
          role={said.kind === 'done' ? 'status' : 'alert'}
        >
          {said.text}{' '}
          <button
            type="button"
            aria-label="Close the notice"
            onClick={() => {
              notice.value = null;
            }}
          >
            ×
          </button>
        </p>
      )}
    </>
  );
}

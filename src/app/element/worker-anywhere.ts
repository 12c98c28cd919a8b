/**
 * A simulation worker for a page of another site: browsers start workers from their own site only, so a worker of this
 * page imports ours.
 */
import workerUrl from '../simulation/worker.ts?worker&url';

export function createSimulationWorker(): Worker {
  const url = new URL(workerUrl, import.meta.url);
  if (url.origin === location.origin) return new Worker(url, { type: 'module' });
  const text = `import ${JSON.stringify(url.href)};`;
  const blob = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module' });
  setTimeout(() => URL.revokeObjectURL(blob), 60_000);
  return worker;
}

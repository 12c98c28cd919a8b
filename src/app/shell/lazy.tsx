/** A part of the page whose code is loaded when it is first shown, and what stands there until then. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type Load = () => Promise<{ readonly default: ComponentType }>;

const loaded = new Map<Load, ComponentType>();

export function Lazy({ load, name }: { load: Load; name: string }) {
  const [, refresh] = useState(0);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    if (loaded.has(load)) return;
    let isGone = false;
    load().then(
      (module) => {
        loaded.set(load, module.default);
        if (!isGone) refresh((count) => count + 1);
      },
      (error: unknown) => {
        if (!isGone) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  const Component = loaded.get(load);
  if (Component) return <Component />;
  if (failure !== '') {
    return (
      <p role="alert">
        {name} could not be loaded ({failure}). Check the connection and open it again.
      </p>
    );
  }
  return <p class="quiet">Loading {name}…</p>;
}

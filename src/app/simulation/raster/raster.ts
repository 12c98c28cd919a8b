/** What every live raster does, however it draws. The worker feeds it spikes and asks for frames. */
import type { RasterView } from '../protocol.ts';

export interface LiveRaster {
  /** Another size, layout or window. */
  setView(view: RasterView): void;
  /** Spikes in order of step, global neuron numbers; the arrays stay the caller's. */
  add(steps: Uint32Array, neurons: Uint32Array): void;
  /** Draws what is known, with `step` as now; returns what is shown, ms of simulated time. */
  draw(step: number): {
    readonly fromMs: number;
    readonly toMs: number;
    readonly mode: 'density' | 'ticks';
  };
  destroy(): void;
}

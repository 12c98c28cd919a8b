/** How brightly populations glow: their rate of the last moments, on a logarithmic scale, fading over 200 ms. */
import { useEffect } from 'preact/hooks';
import { useApp } from '../../shell/context.ts';
import { type NetworkInfo, type Progress, RATE_BIN_MS } from '../../simulation/protocol.ts';

/** Spikes per second and neuron of each population in a piece of the run. */
export function ratesOf(progress: Progress, info: NetworkInfo): Float64Array {
  const count = info.populations.length;
  const bins = count === 0 ? 0 : progress.rateCounts.length / count;
  const rates = new Float64Array(count);
  // The newest bin still fills; where there is no other it has to do.
  const used = Math.max(1, bins - 1);
  for (let p = 0; p < count; p++) {
    let spikes = 0;
    for (let bin = 0; bin < Math.min(used, bins); bin++) {
      spikes += progress.rateCounts[bin * count + p] ?? 0;
    }
    const seconds = (used * Math.max(RATE_BIN_MS, info.dtMs)) / 1000;
    rates[p] = spikes / seconds / Math.max(1, info.populations[p]?.size ?? 1);
  }
  return rates;
}

/** 0 for silence, 1 from 100 Hz. */
export const brightness = (rate: number): number =>
  Math.min(1, Math.log1p(Math.max(0, rate)) / Math.log(101));

/** Keeps the opacity of elements `[data-glow="population"]` inside of `root` at the activity of now. */
export function useGlow(root: { readonly current: SVGSVGElement | null }): void {
  const app = useApp();
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let glow = new Float64Array(0);
    let halos: readonly (SVGElement | null)[] = [];
    let frame = 0;
    let before = 0;
    const find = (info: NetworkInfo): void => {
      glow = new Float64Array(info.populations.length);
      const all = new Map(
        [...(root.current?.querySelectorAll<SVGElement>('[data-glow]') ?? [])].map((element) => [
          element.dataset.glow,
          element,
        ]),
      );
      halos = info.populations.map(({ name }) => all.get(name) ?? null);
    };
    const draw = (): void => {
      frame = 0;
      for (let p = 0; p < halos.length; p++) {
        halos[p]?.setAttribute('opacity', (glow[p] as number).toFixed(2));
      }
    };
    const end = app.session.onProgress((progress) => {
      const info = app.session.info.value;
      if (!info) return;
      if (
        glow.length !== info.populations.length ||
        halos.some((halo) => halo && !halo.isConnected)
      ) {
        find(info);
      }
      const now = performance.now();
      const kept = Math.exp(-(now - before) / 200);
      before = now;
      const rates = ratesOf(progress, info);
      for (let p = 0; p < rates.length; p++) {
        glow[p] = (glow[p] as number) * kept + brightness(rates[p] as number) * (1 - kept);
      }
      frame ||= requestAnimationFrame(draw);
    });
    return () => {
      end();
      cancelAnimationFrame(frame);
    };
  }, [app, root]);
}

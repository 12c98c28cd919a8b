/**
 * Population rates over the shown window: spikes counted in bins as they arrive, drawn by uPlot. Holds bins only.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { PopulationStyle } from '../../colours.ts';
import type { NetworkInfo, PopulationInfo } from '../../simulation/protocol.ts';

export interface RatePlot {
  readonly add: (steps: Uint32Array, neurons: Uint32Array, step: number) => void;
  readonly draw: () => void;
  /** Spikes per second and neuron over the window, by population. */
  readonly means: () => number[];
  readonly resize: () => void;
  readonly destroy: () => void;
}

const BIN_MS = 10;

export function createRatePlot(
  element: HTMLElement,
  network: NetworkInfo,
  styles: readonly PopulationStyle[],
  windowMs: number,
  ink: { text: string; grid: string },
): RatePlot {
  const { populations } = network;
  const stepsPerBin = Math.max(1, Math.round(BIN_MS / network.dtMs));
  const binSeconds = (stepsPerBin * network.dtMs) / 1000;
  const bins = Math.round(windowMs / BIN_MS);
  const counts = populations.map(() => new Uint32Array(bins));
  const populationOf = populationTable(populations);
  let head = 0;

  const advanceTo = (bin: number): void => {
    for (let fresh = Math.max(head + 1, bin - bins + 1); fresh <= bin; fresh++) {
      for (const series of counts) series[fresh % bins] = 0;
    }
    head = Math.max(head, bin);
  };

  const plot = new uPlot(options(element, populations, styles, ink), [[]], element);

  /** Finished bins only: the newest is still filling. */
  const shown = (): { first: number; last: number } => ({
    first: Math.max(0, head - bins + 1),
    last: head - 1,
  });

  return {
    add(steps, neurons, step) {
      for (let k = 0; k < steps.length; k++) {
        const bin = Math.floor((steps[k] as number) / stepsPerBin);
        if (bin > head) advanceTo(bin);
        const series = counts[populationOf[neurons[k] as number] as number] as Uint32Array;
        if (bin > head - bins) series[bin % bins] = (series[bin % bins] as number) + 1;
      }
      const now = Math.floor(step / stepsPerBin);
      if (now > head) advanceTo(now);
    },
    draw() {
      const { first, last } = shown();
      const times: number[] = [];
      const rates: number[][] = populations.map(() => []);
      for (let bin = first; bin <= last; bin++) {
        times.push((bin + 0.5) * stepsPerBin * network.dtMs);
        populations.forEach((population, index) => {
          const count = (counts[index] as Uint32Array)[bin % bins] as number;
          (rates[index] as number[]).push(count / (population.size * binSeconds));
        });
      }
      plot.setData([times, ...rates]);
    },
    means() {
      const { first, last } = shown();
      const seconds = Math.max(1, last - first + 1) * binSeconds;
      return populations.map((population, index) => {
        let sum = 0;
        for (let bin = first; bin <= last; bin++)
          sum += (counts[index] as Uint32Array)[bin % bins] as number;
        return sum / (population.size * seconds);
      });
    },
    resize: () => plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    destroy: () => plot.destroy(),
  };
}

function options(
  element: HTMLElement,
  populations: readonly PopulationInfo[],
  styles: readonly PopulationStyle[],
  ink: { text: string; grid: string },
): uPlot.Options {
  const axis = {
    stroke: ink.text,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { stroke: ink.grid },
  };
  return {
    width: Math.max(200, element.clientWidth),
    height: Math.max(120, element.clientHeight),
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(5, max * 1.1)] } },
    axes: [
      { ...axis, label: 'time (ms)', labelSize: 18, size: 32 },
      { ...axis, label: 'rate (spikes/s)', labelSize: 18, size: 44 },
    ],
    series: [
      { label: 'time' },
      ...populations.map((population, index) => {
        const style = styles[index] as PopulationStyle;
        return {
          label: population.name,
          stroke: style.colour,
          width: 1.5,
          ...(style.mark === '●' ? { dash: [5, 3] } : {}),
          points: { show: false },
        };
      }),
    ],
  };
}

function populationTable(populations: readonly PopulationInfo[]): Uint16Array {
  const neurons = populations.reduce((sum, population) => sum + population.size, 0);
  const table = new Uint16Array(neurons);
  populations.forEach((population, index) => {
    table.fill(index, population.first, population.first + population.size);
  });
  return table;
}

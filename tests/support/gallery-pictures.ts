/**
 * The small pictures of the gallery, one per example, as SVG text: a raster where neurons spike, else traces. Drawn from
 * real runs of the CPU engine, whose bits are the same everywhere; equal runs give equal text.
 */
import type { Example } from '../../src/examples/example.ts';
import type { NetworkDocument, Simulation } from '../../src/index.ts';
import { createSimulation } from '../../src/index.ts';

const WIDTH = 240;
const HEIGHT = 108;
/** Seen well on light and on dark ground. */
const COLOURS = ['#2e8bc9', '#d9702a', '#2b9d78', '#b0639a', '#a08a2a', '#5f8fa8'];
const MOST_SPIKES = 900;

/** How long to run, and what to draw, where the first 400 ms of spikes or the first recording would not do. */
const SHOTS: Readonly<Record<string, { readonly ms?: number; readonly recording?: number }>> = {
  'release-chain': { ms: 20, recording: 1 },
  axon: { ms: 14 },
  'gap-junction': { ms: 100 },
  receptors: { ms: 600, recording: 0 },
  tagging: { ms: 1_260_000 },
  'two-neurons': { ms: 120 },
  striatum: { ms: 500 },
};

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** The picture of an example that needs no files. */
export async function galleryPicture(example: Example): Promise<string> {
  const document = example.build();
  const { ms = 400, recording = 0 } = SHOTS[example.name] ?? {};
  const simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
  try {
    await simulation.runSteps(Math.round(ms / simulation.dtMs));
    const states = document.recordings.filter(({ kind }) => kind === 'state');
    const { steps } = simulation.allSpikes();
    const drawn =
      steps.length > 40 || states.length === 0
        ? raster(simulation, document)
        : traces(simulation, states[recording]?.name ?? '');
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" fill="none"><title>${example.title.replace(/[&<>]/g, '')}</title>${drawn}</svg>\n`;
  } finally {
    simulation.destroy();
  }
}

/** The last 250 ms: bands as in the live raster, a share of the neurons where there would be too many spikes. */
function raster(simulation: Simulation, document: NetworkDocument): string {
  const { steps, neurons } = simulation.allSpikes();
  const first = Math.max(0, simulation.step - Math.round(250 / simulation.dtMs));
  const span = simulation.step - first;
  const shown = simulation.populations.filter(({ name }) =>
    document.populations.some((population) => population.name === name),
  );
  const shares = shown.map(({ size }) => Math.sqrt(size));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const inside = steps.reduce((count, step) => count + (step >= first ? 1 : 0), 0);
  const every = Math.max(1, Math.ceil(inside / MOST_SPIKES));
  let top = 2;
  return shown
    .map((population, index) => {
      const height = ((shares[index] as number) / all) * (HEIGHT - 4);
      const parts: string[] = [];
      for (let k = 0; k < steps.length; k++) {
        const neuron = (neurons[k] as number) - population.first;
        if ((steps[k] as number) < first || neuron < 0 || neuron >= population.size) continue;
        if (neuron % every !== 0) continue;
        const x = (((steps[k] as number) - first) / span) * WIDTH;
        const y = top + (neuron / population.size) * Math.max(1, height - 3);
        parts.push(`M${short(x)} ${short(y)}v1.8`);
      }
      top += height;
      return `<path d="${parts.join('')}" stroke="${colourOf(population.name, index)}" stroke-width="1.1"/>`;
    })
    .join('');
}

const colourOf = (name: string, index: number): string =>
  COLOURS[/(^|[^a-z])i$|I$|inhib|fsi/i.test(name) ? 1 : index % 2 === 0 ? 0 : 5] as string;

/** Up to four rows of a recording, each between its own bounds. */
function traces(simulation: Simulation, recording: string): string {
  const trace = simulation.state(recording);
  const count = trace.timesMs.length;
  const middle = Math.floor(trace.neurons.length / 2);
  const rows = Object.values(trace.values).flatMap((values) =>
    [...new Set([0, middle])].map((neuron) =>
      Array.from(values.subarray(neuron * count, (neuron + 1) * count)),
    ),
  );
  const drawn = rows
    .filter((row) => highest(row) > -highest(row.map((value) => -value)))
    .slice(0, 4);
  const height = HEIGHT / Math.max(1, drawn.length);
  return drawn
    .map((row, index) => {
      const low = Math.min(...row);
      const high = Math.max(...row);
      const every = Math.max(1, Math.floor(row.length / 160));
      const points = row.flatMap((value, k) =>
        k % every === 0
          ? [
              `${short((k / (row.length - 1)) * WIDTH)} ${short(
                index * height + 4 + (1 - (value - low) / (high - low)) * (height - 8),
              )}`,
            ]
          : [],
      );
      return `<path d="M${points.join('L')}" stroke="${COLOURS[index % COLOURS.length]}" stroke-width="1.6"/>`;
    })
    .join('');
}

const highest = (row: readonly number[]): number =>
  row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);

/** Where the one direction of a nerve comes from: spikes on a squid axon started at an end, in the middle, at both ends. */
import { cable, models, Network, type PerNeuron, parseQuantity } from '../index.ts';
import { defineExample } from './example.ts';

/** Nodes along 12 cm, 0.5 mm apart. */
const COMPARTMENTS = 241;
const MIDDLE = 120;

/** A pulse of 0.5 ms into some of the compartments. */
interface Pulse {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly strength: number;
}

const LEFT: Pulse = { from: 0, to: 5, startMs: 0, strength: 400 };
const RIGHT: Pulse = { ...LEFT, from: COMPARTMENTS - 5, to: COMPARTMENTS };
const CENTRE: Pulse = { from: MIDDLE - 2, to: MIDDLE + 3, startMs: 0, strength: 800 };

/** When a spike from the left end passes the middle, ms, at the two temperatures. */
const PASSAGE_MS = { '18.5': 3.4, '6.3': 5.1 } as const;

export const axon = defineExample({
  name: 'axon',
  title: 'Squid axon: where one-way conduction comes from',
  citation: 'Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764',
  note: 'An axon conducts both ways: a spike from the middle runs to both ends. What makes traffic one-way is refractoriness. Two spikes that meet stop each other, because each runs into what the other has left; a stimulus behind a spike is blocked (wait=1 ms), then goes back only (1.5 ms), then both ways (4 ms). 18.7 m/s at 18.5 °C, 12.3 m/s at 6.3 °C. The spike table is the picture: compartment against time. Compartments are neurons joined by gap junctions; the time step is bound by that coupling.',
  parameters: {
    start: {
      kind: 'choice',
      default: 'one-end',
      choices: ['one-end', 'middle', 'both-ends', 'behind'],
      doc: 'Where spikes are started; behind: in the middle, after a spike from the left end has passed.',
    },
    temperature: {
      kind: 'choice',
      default: '18.5',
      choices: ['18.5', '6.3'],
      doc: 'In °C; 6.3 is that of the published rates.',
    },
    wait: {
      kind: 'quantity',
      default: '1.5 ms',
      min: '0 ms',
      max: '20 ms',
      doc: 'With start=behind: from the passage of the first spike to the stimulus.',
    },
  },
  defaultDuration: '14 ms',
  build({ start, temperature, wait }, seed) {
    const net = new Network({ name: 'axon', dt: '0.0025 ms', seed });
    const behindMs = PASSAGE_MS[temperature] + parseQuantity(wait, 'wait').value;
    const pulses: Readonly<Record<typeof start, readonly Pulse[]>> = {
      'one-end': [LEFT],
      middle: [CENTRE],
      'both-ends': [LEFT, RIGHT],
      behind: [LEFT, { ...CENTRE, startMs: behindMs }],
    };
    const { area, weight } = cable({
      length: '12 cm',
      diameter: '476 um',
      resistivity: '35.4 ohm*cm',
      compartments: COMPARTMENTS,
    });
    const compartments = net.population(
      'axon',
      COMPARTMENTS,
      models.axonCompartment.with({
        area,
        phi: 3 ** ((Number(temperature) - 6.3) / 10),
        pulse: perCompartment(pulses[start], 'uA/cm2', ({ strength }) => strength),
        pulse_start: perCompartment(pulses[start], 'ms', ({ startMs }) => startMs),
      }),
    );
    net
      .projection('axial', compartments, compartments, {
        ...models.gapJunction.with(),
        initial: { weight },
      })
      .connect({ rule: 'pairwise', condition: 'abs(i - j) == 1' });
    net.record.spikes(compartments);
    net.record.state(compartments, ['v'], { every: '0.05 ms' });
    return net.document;
  },
});

/** A value per compartment: that of the pulse which it gets, or 0. */
function perCompartment(
  pulses: readonly Pulse[],
  unit: string,
  value: (pulse: Pulse) => number,
): PerNeuron {
  const values = Array.from({ length: COMPARTMENTS }, (_, k) => {
    const pulse = pulses.find(({ from, to }) => k >= from && k < to);
    return pulse === undefined ? 0 : value(pulse);
  });
  return { values, unit };
}

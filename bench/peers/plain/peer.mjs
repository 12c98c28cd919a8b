/**
 * The worked example of a peer of the bench: CUBA as somebody would write it by hand, typed arrays and a loop, double
 * precision. Shows the protocol whole, and what compiled equations are worth. Not tuned, and not meant to be.
 */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    describe: { type: 'boolean', default: false },
    workload: { type: 'string', default: '' },
    neurons: { type: 'string', default: '4000' },
    'duration-ms': { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});

if (values.describe) {
  print({
    peer: 'Plain JavaScript',
    version: process.version,
    most_threads: 1,
    workloads: ['cuba'],
  });
} else if (values.workload !== 'cuba') {
  process.stderr.write(`unknown workload "${values.workload}"\n`);
  process.exitCode = 1;
} else {
  print(measure(Number(values.neurons), Number(values['duration-ms']), Number(values.repeats)));
}

function print(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function measure(neurons, durationMs, repeats) {
  const simulated = [];
  const built = [];
  let last = { spikes: 0, synapses: 0 };
  for (let k = 0; k < repeats; k++) {
    const began = performance.now();
    const network = build(neurons, randomNumbers(Number(values.seed)));
    const ready = performance.now();
    last = { spikes: run(network, Math.round(durationMs / 0.1)), synapses: network.targets.length };
    simulated.push((performance.now() - ready) / 1000);
    built.push((ready - began) / 1000);
  }
  return {
    neurons,
    dt_ms: 0.1,
    duration_ms: durationMs,
    threads: 1,
    ...last,
    simulate_s: simulated,
    build_s: built,
    detail: 'typed arrays, one loop, float64',
  };
}

/** Every neuron has 80 synapses on average; rows[i] … rows[i + 1] are those of neuron i. */
function build(neurons, random) {
  const p = 80 / neurons;
  const rows = new Uint32Array(neurons + 1);
  const targets = [];
  for (let i = 0; i < neurons; i++) {
    for (let j = gap(p, random) - 1; j < neurons; j += gap(p, random)) targets.push(j);
    rows[i + 1] = targets.length;
  }
  const v = Float64Array.from({ length: neurons }, () => -60 + 10 * random());
  return { neurons, rows, targets: Uint32Array.from(targets), v };
}

/** Geometric: how far to the next of independent events of probability p. */
function gap(p, random) {
  return 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - p));
}

/** Brette et al. 2007, benchmark 2: exact integration of v and two exponential currents, steps of 0.1 ms. */
function run({ neurons, rows, targets, v }, steps) {
  const [tauM, tauE, tauI, dt] = [20, 5, 10, 0.1];
  const [decayM, decayE, decayI] = [tauM, tauE, tauI].map((tau) => Math.exp(-dt / tau));
  const intoE = (tauE / (tauE - tauM)) * (decayE - decayM);
  const intoI = (tauI / (tauI - tauM)) * (decayI - decayM);
  const ge = new Float64Array(neurons);
  const gi = new Float64Array(neurons);
  const freeAt = new Int32Array(neurons);
  const fired = new Uint32Array(neurons);
  let spikes = 0;
  for (let step = 0; step < steps; step++) {
    let count = 0;
    for (let i = 0; i < neurons; i++) {
      if (step >= freeAt[i]) {
        v[i] = -49 + (v[i] + 49) * decayM + ge[i] * intoE + gi[i] * intoI;
        if (v[i] > -50) fired[count++] = i;
      }
      ge[i] *= decayE;
      gi[i] *= decayI;
    }
    for (let k = 0; k < count; k++) {
      const i = fired[k];
      const [into, weight] = i < 0.8 * neurons ? [ge, 1.62] : [gi, -9];
      for (let e = rows[i]; e < rows[i + 1]; e++) into[targets[e]] += weight;
      v[i] = -60;
      freeAt[i] = step + 50;
    }
    spikes += count;
  }
  return spikes;
}

/** mulberry32: 32 bits of state, enough for an example. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The five lessons: words, sliders and checks. Their networks are in tools/lessons.ts. Numbers in checks follow from the
 * equations (said beside each) and are tested by running the networks.
 */
import type { Lesson, LessonControl } from './lesson.ts';

const current: LessonControl = {
  owner: 'neuron',
  kind: 'population',
  parameter: 'i_in',
  title: 'Current',
  unit: 'pA',
  min: 0,
  max: 1200,
  step: 1,
  sign: 'excitatory',
};
const refractory: LessonControl = {
  owner: 'neuron',
  kind: 'population',
  parameter: 'tau_refrac',
  title: 'Refractory period',
  unit: 'ms',
  min: 1,
  max: 30,
  step: 1,
};

/** LIF, 15 mV below threshold, 100 MOhm: rheobase 150 pA; rate 1/(tau_refrac + 20 ms ln(RI/(RI - 15 mV))). */
const threshold: Lesson = {
  name: 'threshold',
  title: 'A neuron and its threshold',
  about: 'One neuron, one current: when it fires, how fast, and what limits it.',
  panel: 'traces',
  probes: [{ population: 'neuron', neurons: [0] }],
  windowMs: 1000,
  steps: [
    {
      text: 'This neuron gets a current of 100 pA. Its potential rises from −65 mV and stops at −55 mV, below the threshold of −50 mV: it never fires. Raise the current until it does.',
      done: 'It fires. Between spikes the potential climbs towards a value above the threshold, and is cut off there.',
      controls: [current],
      check: (watch) => watch.rateHz('neuron') > 0,
    },
    {
      text: 'Now find the smallest current that still makes it fire, within 8 pA: the rheobase. Spikes come seldom there, so wait a second after each change.',
      done: 'The rheobase is 15 mV (the way to the threshold) over 100 MΩ (the resistance of the membrane): 150 pA.',
      controls: [current],
      check: (watch) => {
        const pA = watch.parameter('neuron', 'i_in', 'pA');
        return pA > 150 && pA <= 158 && watch.rateHz('neuron') > 0;
      },
    },
    {
      text: 'Make it fire 40 times a second (between 37 and 43).',
      done: 'About 237 pA do it: half as much again as the rheobase, and from nothing to 40 spikes per second.',
      controls: [current],
      check: (watch) => {
        const rate = watch.rateHz('neuron');
        return rate >= 37 && rate <= 43;
      },
    },
    {
      text: 'After a spike the neuron rests for a while, its refractory period. Make that 20 ms and drive the neuron as hard as you like: with 800 pA or more, how fast does it get?',
      done: 'However strong the current, it cannot fire more often than once per refractory period: 50 times a second.',
      controls: [current, refractory],
      check: (watch) => {
        const rate = watch.rateHz('neuron');
        return (
          watch.parameter('neuron', 'tau_refrac', 'ms') === 20 &&
          watch.parameter('neuron', 'i_in', 'pA') >= 800 &&
          rate > 30 &&
          rate < 50
        );
      },
    },
  ],
};

const excitation: LessonControl = {
  owner: '',
  kind: 'network',
  parameter: 'w_exc',
  title: 'Excitation',
  unit: 'nS',
  min: 0,
  max: 12,
  step: 0.1,
  sign: 'excitatory',
};
const inhibition: LessonControl = {
  owner: '',
  kind: 'network',
  parameter: 'w_inh',
  title: 'Inhibition',
  unit: 'nS',
  min: 0,
  max: 134,
  step: 1,
  sign: 'inhibitory',
};

const excitationAndInhibition: Lesson = {
  name: 'balance-of-two',
  title: 'Excitation and inhibition',
  about: 'Four thousand neurons that excite and inhibit each other: take one away.',
  panel: 'rates',
  probes: [],
  windowMs: 1000,
  steps: [
    {
      text: '3,200 of these neurons excite, 800 inhibit; nothing drives them from outside. They keep each other firing, each about 20 times a second, at moments that look random. Watch for two seconds.',
      done: 'The activity keeps itself alive: no input, no end.',
      controls: [],
      check: (watch) => watch.timeMs > 2000 && watch.rateHz('neurons') > 5,
    },
    {
      text: 'Turn inhibition down to a quarter of what it was (about 17 nS). What happens to the rate, and to the picture?',
      done: 'Without the brake the rate climbs, up to what the refractory period allows.',
      controls: [inhibition],
      check: (watch) => watch.parameter('', 'w_inh', 'nS') <= 20 && watch.rateHz('neurons') > 40,
    },
    {
      text: 'Bring inhibition back to 60 nS or more. So strong a brake on so much activity may stop everything, for good: then press Reset, which starts anew with the values of now. Get back to 10 to 25 spikes a second.',
      done: 'Inhibition sets the rate: the more excitation there is, the more of it is needed, and too much at once is silence.',
      controls: [inhibition],
      check: (watch) => {
        const rate = watch.rateHz('neurons');
        return rate >= 10 && rate <= 25 && watch.parameter('', 'w_inh', 'nS') >= 60;
      },
    },
    {
      text: 'Now take excitation away: 0 nS.',
      done: 'Silence. Inhibition alone keeps nothing going, and turning excitation up again does not help: nobody is left to begin. (Reset starts the network anew.)',
      controls: [excitation, inhibition],
      check: (watch) => watch.parameter('', 'w_exc', 'nS') === 0 && watch.rateHz('neurons') < 0.1,
    },
  ],
};

const inhibitoryStrength: LessonControl = {
  owner: '',
  kind: 'network',
  parameter: 'g',
  title: 'Inhibition g',
  unit: '',
  min: 2,
  max: 8,
  step: 0.1,
  sign: 'inhibitory',
};

/** Brunel 2000: g below 4 synchronous and regular, above 4 irregular. */
const irregular: Lesson = {
  name: 'irregular',
  title: 'Irregular activity and balance',
  about: 'The same network ticks like a clock or crackles like rain, depending on one number.',
  panel: 'statistics',
  probes: [],
  windowMs: 500,
  steps: [
    {
      text: 'Each neuron has four times as many excitatory inputs as inhibitory ones; an inhibitory one is g times as strong. At g = 3 excitation wins. Look at the intervals between spikes of single neurons: their coefficient of variation (CV) is small. Watch until the panel says so.',
      done: 'Regular: every neuron ticks like a clock (CV below 0.3).',
      controls: [],
      check: async (watch) => {
        const cv = await watch.cv('neurons');
        return watch.timeMs > 500 && cv !== null && cv < 0.3;
      },
    },
    {
      text: 'Raise g until the neurons become irregular: CV near 1 (between 0.7 and 1.2), as if each spike were an accident.',
      done: 'At g = 4 the inputs cancel on the mean. Beyond, spikes are made by chance excursions of the input: irregular.',
      controls: [inhibitoryStrength],
      check: async (watch) => {
        const cv = await watch.cv('neurons');
        return cv !== null && cv > 0.7 && cv < 1.2 && watch.parameter('', 'g', '') > 4;
      },
    },
    {
      text: 'Go on to g = 6 and compare the rate with what it was: it has fallen, and the network still does not stop. How low does it get at g = 8?',
      done: 'The input from outside keeps it alive; more inhibition makes it rarer, not more regular.',
      controls: [inhibitoryStrength],
      check: (watch) => {
        const rate = watch.rateHz('neurons');
        return watch.parameter('', 'g', '') >= 7.5 && rate > 1 && rate < 40;
      },
    },
  ],
};

const rate: LessonControl = {
  owner: 'sender',
  kind: 'population',
  parameter: 'rate',
  title: 'Rate of the sender',
  unit: 'Hz',
  min: 1,
  max: 60,
  step: 1,
};
const recovery: LessonControl = {
  owner: 'synapse',
  kind: 'projection',
  parameter: 'tau_rec',
  title: 'Recovery',
  unit: 'ms',
  min: 20,
  max: 1500,
  step: 10,
};
const use: LessonControl = {
  owner: 'synapse',
  kind: 'projection',
  parameter: 'u_0',
  title: 'Use by a first spike',
  unit: '',
  min: 0.02,
  max: 0.9,
  step: 0.01,
};
const facilitation: LessonControl = {
  owner: 'synapse',
  kind: 'projection',
  parameter: 'tau_fac',
  title: 'Facilitation',
  unit: 'ms',
  min: 5,
  max: 1500,
  step: 5,
};

/** Tsodyks & Markram: at rate 1/T the resources before a spike are (1 - e)/(1 - (1 - u) e), e = exp(-T/tau_rec). */
const tiring: Lesson = {
  name: 'tiring',
  title: 'A synapse that tires',
  about: 'Every spike uses resources of a synapse; what happens when they come too fast.',
  panel: 'traces',
  probes: [
    { population: 'sender', neurons: [0] },
    { population: 'receiver', neurons: [0] },
  ],
  windowMs: 2000,
  steps: [
    {
      text: 'One neuron sends five spikes a second to another one. Each uses half of the synapse’s resources, which come back with a time constant of 800 ms. Look at the answers of the receiver: the first is the largest. Wait until they are all equal.',
      done: 'The synapse has settled: what a spike uses comes back before the next.',
      controls: [],
      check: async (watch) => watch.timeMs > 2000 && (await watch.mean('synapse', 'x_syn')) < 0.6,
    },
    {
      text: 'Let the sender fire 40 times a second. Are eight times as many spikes eight times as strong?',
      done: 'Hardly: each spike finds only a few hundredths of the resources. The synapse tells of changes, not of rates.',
      controls: [rate],
      check: async (watch) =>
        watch.parameter('sender', 'rate', 'Hz') >= 38 &&
        (await watch.mean('synapse', 'x_syn')) < 0.12,
    },
    {
      text: 'Make it recover faster, until a spike finds more than 60 % of the resources again, still at 38 spikes a second or more.',
      done: 'With a recovery of some tens of milliseconds it hardly tires.',
      controls: [rate, recovery],
      check: async (watch) =>
        watch.parameter('sender', 'rate', 'Hz') >= 38 &&
        watch.rateHz('sender') > 30 &&
        (await watch.mean('synapse', 'x_syn')) > 0.6,
    },
    {
      text: 'Other synapses grow with use. Let a first spike use 0.1 or less, and let facilitation last 500 ms or more: each spike makes the next one use more.',
      done: 'Facilitation: the same synapse now uses several times its first share.',
      controls: [rate, recovery, use, facilitation],
      check: async (watch) => {
        const first = watch.parameter('synapse', 'u_0', '');
        return (
          first <= 0.1 &&
          watch.parameter('synapse', 'tau_fac', 'ms') >= 500 &&
          (await watch.mean('synapse', 'u_syn')) > 3 * first
        );
      },
    },
  ],
};

const drive: LessonControl = {
  owner: '',
  kind: 'network',
  parameter: 'w_drive',
  title: 'Drive',
  unit: 'nS',
  min: 0,
  max: 3,
  step: 0.05,
  sign: 'excitatory',
};

const gene: Lesson = {
  name: 'gene',
  title: 'A gene that answers',
  about:
    'Spikes, calcium, a kinase, a transcription factor, messenger, protein: each slower than the one before.',
  panel: 'slow',
  probes: [],
  windowMs: 1000,
  steps: [
    {
      text: 'Calcium of spikes drives a kinase (CaMK), which phosphorylates CREB, which turns on a gene: messenger RNA, then protein. These run 3600 times faster than the spikes here: a second is an hour. The panel shows them on a logarithmic time axis. Wait for three seconds, three hours of theirs.',
      done: 'The kinase follows within minutes, CREB as well, messenger within hours; protein lags behind all.',
      controls: [],
      check: async (watch) => {
        const [protein, mrna] = [
          await watch.mean('cells', 'protein'),
          await watch.mean('cells', 'mrna'),
        ];
        watch.noted('protein', protein);
        watch.noted('mrna', mrna);
        return watch.timeMs > 3000;
      },
    },
    {
      text: 'Raise the drive to 1.5 nS or more, so that the cells fire more. Which of the curves rises first?',
      done: 'Messenger has doubled. It takes a kinase minutes to notice, a gene hours to answer.',
      controls: [drive],
      check: async (watch) => {
        const mrna = await watch.mean('cells', 'mrna');
        return watch.parameter('', 'w_drive', 'nS') >= 1.5 && mrna > 2 * watch.noted('mrna', mrna);
      },
    },
    {
      text: 'Now take the drive away (0 nS). Kinase and messenger fall; watch the protein.',
      done: 'The cells are silent, and there is still far more protein than before: a memory of activity that lasts for days.',
      controls: [drive],
      check: async (watch) => {
        const protein = await watch.mean('cells', 'protein');
        return (
          watch.parameter('', 'w_drive', 'nS') === 0 &&
          watch.rateHz('cells') < 0.1 &&
          (await watch.mean('cells', 'camk')) < 0.02 &&
          protein > 2 * watch.noted('protein', protein)
        );
      },
    },
  ],
};

export const lessons: readonly Lesson[] = [
  threshold,
  excitationAndInhibition,
  irregular,
  tiring,
  gene,
];

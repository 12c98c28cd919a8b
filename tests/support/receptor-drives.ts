/** What receptors and their neighbours must be given for a drug to show: by model, for the tests of named interventions. */

interface Drive {
  readonly params: Readonly<Record<string, string>>;
  readonly initial: Readonly<Record<string, string>>;
  readonly dtMs: number;
  readonly durationMs: number;
}

const drive = (
  durationMs: number,
  params: Drive['params'] = {},
  initial: Drive['initial'] = {},
  dtMs = 0.1,
): Drive => ({ params, initial, dtMs, durationMs });

/** Models of receptors with the stimulus of their tests: synapses already active, or a concentration. */
export const receptorTests: Readonly<Record<string, Drive>> = {
  ampa: drive(3, {}, { s_ampa: '1*nS' }),
  nmda: drive(3, {}, { s_nmda: '1*nS' }),
  'gaba-a': drive(3, {}, { s_gaba_a: '1*nS' }),
  'gaba-b': drive(100, {}, { s_gaba_b: '10' }),
  muscarinic: drive(3000, { acetylcholine: '1 uM' }),
  nicotinic: drive(2, { acetylcholine: '0.1 mM' }, {}, 0.05),
  esterase: drive(0.1, {}, { a: '1*mM' }, 0.002),
  'dopamine-occupancy': drive(10_000, { dopamine: '10 nM' }, {}, 10),
  'dopamine-terminal': drive(30_000, {}, {}, 10),
};

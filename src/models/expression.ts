/** Gene expression in two stages, and the way from calcium to a gene. */
import { defineModel, type NeuronModel } from './model.ts';

/**
 * mRNA and protein of one gene, with the noise of single molecules (chemical Langevin equation).
 *
 *     dmrna    = (transcription - gamma_m mrna) dt + noise sqrt(transcription + gamma_m mrna) dW_m
 *     dprotein = (k_tl mrna - gamma_p protein) dt + noise sqrt(k_tl mrna + gamma_p protein) dW_p      (Itô)
 *
 * In steady state <mrna> = transcription/gamma_m, <protein> = <mrna> k_tl/gamma_p, and the variance of protein over its
 * mean is 1 + k_tl/(gamma_m + gamma_p) for noise 1. The terms noise² gamma/4 in the text turn Heun's Stratonovich reading
 * into Itô's. Good from about ten molecules on; below, single births and deaths matter.
 *
 * Numbers of molecules. Defaults are mammalian medians. State: mrna, protein. To couple: replace `transcription`.
 * Checked against T20 (tests/physics/expression.test.ts).
 */
export const geneExpression = defineModel({
  name: 'gene-expression',
  title: 'mRNA and protein of a gene, with noise',
  source:
    'Thattai & van Oudenaarden 2001, Proc Natl Acad Sci USA 98:8614, doi:10.1073/pnas.151588598; Langevin form: Gillespie 2000, J Chem Phys 113:297, doi:10.1063/1.481811; defaults: Schwanhäusser et al. 2011, Nature 473:337, doi:10.1038/nature10098',
  aliases: {},
  eqs: `
    dmrna/dt = transcription - gamma_m*mrna - noise**2*gamma_m/4 + noise*sqrt(clip(transcription + gamma_m*mrna, 0*Hz, inf))*xi_mrna : 1 (slow)
    dprotein/dt = k_tl*mrna - gamma_p*protein - noise**2*gamma_p/4 + noise*sqrt(clip(k_tl*mrna + gamma_p*protein, 0*Hz, inf))*xi_protein : 1 (slow)
  `,
  params: {
    transcription: {
      value: '2 1/h',
      min: '0 1/h',
      doc: 'mRNA made per time.',
      symbol: 'k_r',
    },
    gamma_m: {
      value: '0.0770163533955 1/h',
      above: '0 1/h',
      doc: 'Decay of mRNA; the default is a half-life of 9 h.',
    },
    k_tl: { value: '40 1/h', min: '0 1/h', doc: 'Protein made per mRNA and time.' },
    gamma_p: {
      value: '0.0150684169687 1/h',
      above: '0 1/h',
      doc: 'Decay of protein; the default is a half-life of 46 h.',
    },
    noise: { value: 1, min: 0, doc: 'Size of molecular noise: 1 as physics has it, 0 none.' },
  },
  initial: { mrna: 'transcription/gamma_m', protein: 'transcription/gamma_m*k_tl/gamma_p' },
  advice:
    'Slow steps of at most a tenth of the lifetime of the mRNA: their square is the error of the variance.',
});

/**
 * From calcium to a gene: kinase, phosphorylated CREB, and the rate of transcription.
 *
 *     tau_camk camk' = calcium^4/(calcium^4 + k_calcium^4) - camk
 *     pcreb' = k_phos camk (1 - pcreb) - k_dephos pcreb
 *     transcription = k_basal + k_drive environment pcreb²/(k_creb² + pcreb²)
 *
 * Forms as in models of CREB-driven genes; the constants are of the order that the literature gives, chosen by us. State:
 * camk, pcreb (0 to 1). To couple: replace `calcium` by `mean(ca)` in a neuron, `environment` by a timed array (stress,
 * enrichment, the schedule of a drug). A knock-down is k_drive x less than 1.
 */
export const crebDrive = defineModel({
  name: 'creb-drive',
  title: 'Transcription driven by calcium and environment',
  source:
    'Form: Zhang, Smolen, Alberini, Baxter & Byrne 2016, Learn Mem 23:714, doi:10.1101/lm.042044.116 (Hill drive by CREB); constants are ours, of the order that the literature gives',
  aliases: {},
  eqs: `
    dcamk/dt = ((calcium/k_calcium)**4/(1 + (calcium/k_calcium)**4) - camk)/tau_camk : 1 (slow)
    dpcreb/dt = k_phos*camk*(1 - pcreb) - k_dephos*pcreb : 1 (slow)
    transcription = k_basal + k_drive*environment*pcreb**2/(k_creb**2 + pcreb**2) : hertz
  `,
  params: {
    calcium: {
      value: '0.1 uM',
      above: '0 uM',
      doc: 'Calcium; in a neuron replace it by mean(ca).',
    },
    environment: {
      value: 1,
      min: 0,
      doc: 'Factor of everything outside the neuron; replace it by a timed array.',
      symbol: 'E',
    },
    k_calcium: {
      value: '0.5 uM',
      above: '0 uM',
      doc: 'Calcium at which half of the kinase is active.',
      symbol: 'K_Ca',
    },
    tau_camk: {
      value: '30 s',
      above: '0 s',
      doc: 'Activation and decay of the kinase.',
      symbol: 'tau_K',
    },
    k_phos: {
      value: '0.2 1/min',
      min: '0 1/min',
      doc: 'Phosphorylation of CREB by all of the kinase.',
      symbol: 'k_p',
    },
    k_dephos: {
      value: '0.05 1/min',
      min: '0 1/min',
      doc: 'Dephosphorylation; the default is 20 min.',
      symbol: 'k_d',
    },
    k_basal: { value: '0.2 1/h', min: '0 1/h', doc: 'Transcription without CREB.', symbol: 'k_0' },
    k_drive: {
      value: '3.6 1/h',
      min: '0 1/h',
      doc: 'Transcription that CREB adds at most.',
      symbol: 'k_1',
    },
    k_creb: {
      value: 0.4,
      above: 0,
      doc: 'Phosphorylated share of CREB that gives half of it.',
      symbol: 'K_P',
    },
  },
});

/**
 * The whole way from calcium to protein: `crebDrive` and the means of `geneExpression`.
 *
 *     mrna' = transcription - gamma_m mrna,   protein' = k_tl mrna - gamma_p protein
 *
 * Integrated by exponential steps in sequence: positive and stable for any step, so that hours pass in few of them. With
 * molecular noise it is `extend(crebDrive, geneExpression, { replace: { transcription: 'transcription' } })`, for which
 * slow steps must stay below tau_camk. State: camk, pcreb, mrna, protein, all from 0. Checked against its closed steady
 * state (tests/physics/expression.test.ts).
 */
export const geneCascade = ((): NeuronModel => {
  const { transcription: _, noise: __, ...rates } = geneExpression.params;
  return defineModel({
    ...crebDrive,
    name: 'gene-cascade',
    title: 'Gene expression from calcium to protein',
    source: `${crebDrive.source}; ${geneExpression.source}`,
    eqs: `${crebDrive.eqs}
dmrna/dt = transcription - gamma_m*mrna : 1 (slow)
dprotein/dt = k_tl*mrna - gamma_p*protein : 1 (slow)`,
    method: 'slow exponential_sequential',
    params: { ...crebDrive.params, ...rates },
  });
})();

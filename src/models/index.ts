/** The model library by name, and the search that also knows NEST's, PyNN's and Brian 2's names. */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { acetylcholineSynthesis, cholineLeakage } from './acetylcholine-synthesis.ts';
import { adex, adexCondAlpha, adexCondExp } from './adex.ts';
import { axonCompartment, passiveCompartment } from './axon.ts';
import { allostericSensor, dualSensor, fiveSiteSensor } from './calcium-sensors.ts';
import { cleft, esterase, esteraseLumped, volumeAcetylcholine } from './cleft.ts';
import { adexDendrite, pinskyRinzelAxon } from './compartments.ts';
import { dopamineSynthesis } from './dopamine-synthesis.ts';
import { crebDrive, geneCascade, geneExpression } from './expression.ts';
import { flyKick, flyLif, flySynapse } from './fly.ts';
import { gapJunction } from './gap-junction.ts';
import { glutamateCycle } from './glutamate-cycle.ts';
import { hhCurrAlpha, hhKv, hhSquid, hhTraub } from './hodgkin-huxley.ts';
import { calciumHomeostasis, conductanceControl } from './homeostasis.ts';
import { integerLif, integerSynapse } from './integer-lif.ts';
import { izhikevich2003, izhikevich2007 } from './izhikevich.ts';
import { lifCondAlpha, lifCondExp, lifCurrAlpha, lifCurrExp, lifDelta } from './lif.ts';
import { lifCalcium } from './lif-calcium.ts';
import { mat2 } from './mat.ts';
import type { Model, NeuronModel, SynapseModel } from './model.ts';
import { fsi, msnD1, msnD2 } from './msn.ts';
import {
  competition,
  cyclicAmpD1,
  cyclicAmpD2,
  dopamineOccupancy,
  dopamineTerminal,
  modulatedSynapse,
  modulation,
  occupancy,
} from './occupancy.ts';
import { pinskyRinzel } from './pinsky-rinzel.ts';
import { poisson } from './poisson.ts';
import { ampa, gabaA, gabaB, nmda } from './receptors.ts';
import {
  ampaKinetic,
  ampaPulse,
  gabaAKinetic,
  gabaAPulse,
  gabaBKinetic,
  gabaBPulse,
  nmdaKinetic,
  nmdaPulse,
} from './receptors-kinetic.ts';
import { mCurrent, muscarinic } from './receptors-muscarinic.ts';
import {
  ampaStates,
  gabaAStates,
  gabaBStates,
  nicotinic,
  nicotinicAllosteric,
  nmdaStates,
} from './receptors-states.ts';
import { quantal, residualCalcium } from './release.ts';
import { releaseChain } from './release-chain.ts';
import { inhibitoryStdp, staticSynapse, stdpPair, tsodyks, tsodyksMarkram } from './synapses.ts';
import { lifTagging, plasticityProteins, taggingAndCapture } from './tagging.ts';
import { sushiBelt, transportDelay } from './transport.ts';

export { type Cable, type CableOptions, cable } from './axon.ts';
export { type ExtendOptions, extend } from './extend.ts';
export {
  findIntervention,
  type NamedIntervention,
  namedInterventions,
  type ParameterChange,
  parametersUnder,
} from './interventions.ts';
export { type LinkedModelOptions, linkFields } from './links.ts';
export {
  defineModel,
  defineSynapse,
  type Model,
  type ModelAliases,
  type ModelParameter,
  type NeuronModel,
  type NeuronModelDefinition,
  type NeuronModelOptions,
  type ParameterValues,
  type PerNeuron,
  parameterName,
  type Replacements,
  type SynapseModel,
  type SynapseModelDefinition,
  type SynapseModelOptions,
} from './model.ts';
export { dopamineNuclei, dopamineProfiles } from './occupancy.ts';
export {
  type PulseReceptor,
  type PulseSynapse,
  type PulseSynapseOptions,
  pulseSynapse,
} from './receptors-kinetic.ts';
export {
  type CleftValues,
  cleftOf,
  type FieldRelease,
  fieldOf,
  type ProfileValue,
  releaseOf,
  type TransmitterField,
  type TransmitterName,
  type TransmitterProfile,
  transmitters,
} from './transmitters.ts';
export { type BeltOptions, beltRates, transportBelt } from './transport.ts';

/** All library models: `models.lifCurrExp.with({ tau_m: '10 ms' })`. */
export const models = {
  lifDelta,
  lifCurrExp,
  lifCurrAlpha,
  lifCondExp,
  lifCondAlpha,
  lifCalcium,
  adex,
  adexCondExp,
  adexCondAlpha,
  adexDendrite,
  izhikevich2003,
  izhikevich2007,
  hhSquid,
  hhCurrAlpha,
  hhTraub,
  hhKv,
  axonCompartment,
  passiveCompartment,
  pinskyRinzel,
  pinskyRinzelAxon,
  releaseChain,
  allostericSensor,
  fiveSiteSensor,
  dualSensor,
  mat2,
  integerLif,
  lifTagging,
  msnD1,
  msnD2,
  fsi,
  flyLif,
  poisson,
  calciumHomeostasis,
  conductanceControl,
  dopamineSynthesis,
  acetylcholineSynthesis,
  cholineLeakage,
  glutamateCycle,
  ampa,
  nmda,
  gabaA,
  gabaB,
  ampaPulse,
  nmdaPulse,
  gabaAPulse,
  gabaBPulse,
  ampaKinetic,
  nmdaKinetic,
  gabaAKinetic,
  gabaBKinetic,
  ampaStates,
  nmdaStates,
  gabaAStates,
  gabaBStates,
  nicotinic,
  nicotinicAllosteric,
  muscarinic,
  mCurrent,
  cleft,
  esterase,
  esteraseLumped,
  volumeAcetylcholine,
  occupancy,
  dopamineOccupancy,
  competition,
  cyclicAmpD1,
  cyclicAmpD2,
  modulation,
  modulatedSynapse,
  dopamineTerminal,
  geneExpression,
  crebDrive,
  geneCascade,
  sushiBelt,
  transportDelay,
  plasticityProteins,
  staticSynapse,
  tsodyksMarkram,
  tsodyks,
  quantal,
  residualCalcium,
  gapJunction,
  stdpPair,
  inhibitoryStdp,
  taggingAndCapture,
  integerSynapse,
  flySynapse,
  flyKick,
} as const satisfies Readonly<Record<string, NeuronModel | SynapseModel>>;

/**
 * The model of that name: its key here ("lifCurrExp"), its own name ("lif-curr-exp"), or the name that NEST
 * ("iaf_psc_exp"), PyNN ("IF_curr_exp") or Brian 2 uses. Case does not matter. Throws NetworkError with a suggestion.
 */
export function findModel(name: string): Model {
  if (typeof name !== 'string') {
    throw new TypeError(
      `findModel: name must be a text such as "lifCurrExp", got ${describeValue(name)}.`,
    );
  }
  const plain = name.toLowerCase();
  for (const [key, model] of Object.entries<Model>(models)) {
    if ([key, model.name, ...aliasesOf(model)].some((known) => known.toLowerCase() === plain)) {
      return model;
    }
  }
  const known = Object.entries<Model>(models).flatMap(([key, model]) => [
    key,
    model.name,
    ...aliasesOf(model),
  ]);
  const meant = suggest(name, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  throw new NetworkError(
    `Unknown model "${name}".${hint} Known: ${listNames(Object.keys(models), 40)}`,
    { path: 'model', value: name },
  );
}

/** The names of a model in other simulators. */
export function aliasesOf(model: Model): readonly string[] {
  if (!isPlainObject(model) || !isPlainObject(model.aliases)) {
    throw new TypeError(
      `aliasesOf: model must be a model of the library, such as models.lifCurrExp, got ${describeValue(model)}.`,
    );
  }
  return [model.aliases.nest, model.aliases.pynn, model.aliases.brian]
    .flat()
    .filter((alias) => alias !== undefined);
}

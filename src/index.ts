/**
 * The whole public API of wetware: describe a network, simulate it, look at what came out. Examples, the page, the
 * command line and the benchmark use this and nothing else. What is not listed here may change at any time.
 */

// ---- Describing a network: the fluent API, and the plain data that it makes ----

export { eqs } from './language/substitute.ts';
export type {
  ConnectRule,
  DistributionRange,
  DistributionSpec,
  FieldDocument,
  InterventionDocument,
  NetworkDocument,
  NeuronPopulationDocument,
  NumberList,
  PoissonInputDocument,
  PopulationDocument,
  PositionsDocument,
  ProjectionDocument,
  Quantity,
  RecordingDocument,
  SliceReference,
  SpikeListDocument,
  TimedArrayDocument,
  ValueSpec,
} from './network/document.ts';
export type { Field } from './network/field.ts';
export { readIntervention } from './network/intervention-text.ts';
export {
  type FieldOptions,
  type Named,
  Network,
  type NetworkOptions,
  type PoissonInputOptions,
  type PoissonPopulationOptions,
  type PopulationOptions,
  type ProjectionOptions,
  type Recorders,
  type RecordFieldOptions,
  type RecordOptions,
  type RecordStateOptions,
  type SpikeListOptions,
  type TimedArrayOptions,
} from './network/network.ts';
export { withParameters } from './network/parameters.ts';
export type { Population } from './network/population.ts';
export type { Projection } from './network/projection.ts';
export {
  Gohm,
  Hz,
  kHz,
  Mohm,
  mM,
  ms,
  mV,
  nA,
  nF,
  nS,
  pA,
  pF,
  seconds,
  uM,
  um,
  uS,
  us,
  volts,
} from './network/quantities.ts';
export { validateDocument } from './network/validate.ts';

// ---- The model library (the examples are an entry of their own, wetware/examples) ----

export {
  aliasesOf,
  type BeltOptions,
  beltRates,
  type Cable,
  type CableOptions,
  type CleftValues,
  cable,
  cleftOf,
  defineModel,
  defineSynapse,
  dopamineNuclei,
  dopamineProfiles,
  type ExtendOptions,
  extend,
  type FieldRelease,
  fieldOf,
  findIntervention,
  findModel,
  type LinkedModelOptions,
  linkFields,
  type Model,
  type ModelAliases,
  type ModelParameter,
  models,
  type NamedIntervention,
  type NeuronModel,
  type NeuronModelDefinition,
  type NeuronModelOptions,
  namedInterventions,
  type ParameterChange,
  type ParameterValues,
  type PerNeuron,
  type ProfileValue,
  type PulseReceptor,
  type PulseSynapse,
  type PulseSynapseOptions,
  parametersUnder,
  pulseSynapse,
  type Replacements,
  releaseOf,
  type SynapseModel,
  type SynapseModelDefinition,
  type SynapseModelOptions,
  type TransmitterField,
  type TransmitterName,
  type TransmitterProfile,
  transmitters,
  transportBelt,
} from './models/index.ts';

// ---- Simulating ----

export {
  type BuildProgress,
  createSimulation,
  type SimulationOptions,
} from './create-simulation.ts';
export { describeAdapter, type FoundAdapter } from './describe-adapter.ts';
export type { AdapterDescription, EngineTimings } from './engine.ts';
export { DeviceError, NetworkError, type Problem } from './errors.ts';
export { type KernelText, kernelTexts } from './kernel-texts.ts';
export type { BuildNetwork, VariedValues } from './many/grid.ts';
export type { ManyRun, ManyRunSummary } from './many/run.ts';
export { type ManyOptions, type ManyProgress, type ManyRuns, runMany } from './many/run-many.ts';
export { type RunTable, runTable, runTableToCsv } from './many/table.ts';
export { checkNetwork, type NetworkCheck, type OwnerCheck } from './plan/check-network.ts';
export { type CompiledNetwork, compileNetwork, type VariableDescription } from './plan/compile.ts';
export { estimateNetwork, type NetworkEstimate } from './plan/estimate.ts';
export type { Plan } from './plan/plan.ts';
export type { ProbeOptions } from './plan/probes.ts';
export type { TimeConstant } from './plan/time-constants.ts';
export type { PortableCheckpoint } from './portable-checkpoint.ts';
export type { ReadSynapsesOptions, SynapseChunk } from './read-synapses.ts';
export type { ProbedNeurons, ProbeSamples, SampleListener } from './recording/probes.ts';
export type { RunOptions, RunProgress } from './run-options.ts';
export type {
  Checkpoint,
  PopulationLayout,
  ProjectionLayout,
  Simulation,
  SpikeTrains,
} from './simulation.ts';
export type { ThresholdDistance, ThresholdDrive } from './threshold-distance.ts';

// ---- On a chip: weights in few bits, traffic, memory, energy ----

export {
  type ChipOptions,
  type ChipProgress,
  type ChipReport,
  type ChipSubject,
  type ChipTraffic,
  chipPage,
  chipReport,
  chipText,
  compareTrains,
  type QuantisationResult,
  type QuantisedNetwork,
  type QuantisedProjection,
  quantiseNetwork,
  type TrainComparison,
  vanRossumSquared,
} from './chip/index.ts';

// ---- Looking at the result: analysis and files ----

export { spikesToCsv, tracesToCsv } from './io/csv.ts';
export { type Provenance, spikesToParquet } from './io/parquet.ts';
export { type SpikeTable, spikeTable } from './io/spike-table.ts';
export {
  type CountOptions,
  coefficientOfVariation,
  fanoFactor,
  interSpikeIntervals,
  meanCvIsi,
  meanPairwiseCorrelation,
  meanRate,
  type PowerSpectrum,
  populationFanoFactor,
  powerSpectrum,
} from './recording/analysis.ts';
export { populationRate, type RateOptions, type RateTrace } from './recording/rate.ts';
export { accelerationsText, type SlowTime } from './recording/slow-time.ts';
export { type Spikes, spikeHash } from './recording/spikes.ts';
export type { PopulationSummary, RunSummary } from './recording/summary.ts';
export type { StateTrace } from './recording/traces.ts';

// ---- For programs that take quantities, names and values from people ----

export { describeValue, isPlainObject } from './language/argument.ts';
export {
  equationsToLatex,
  expressionToLatex,
  type LatexLine,
  statementsToLatex,
} from './language/latex.ts';
export { listNames, suggest } from './language/messages.ts';
export { DIMENSIONS, formatQuantity, parseQuantity } from './language/units.ts';
export { type LanguageWord, languageWords } from './language/vocabulary.ts';
export { version } from './version.ts';

/** The biomedical bench: control beside intervention, detectors, conditions. For research and education, not clinical. */
export {
  type Comparison,
  compareIntervention,
  type Dose,
  type DoseRow,
  type ExampleSpikes,
  type FailedRun,
} from './compare.ts';
export {
  type Condition,
  type ConditionOptions,
  conditionIn,
  conditions,
  type NetworkCondition,
  type RoleChange,
} from './conditions.ts';
export {
  BANDS,
  bandPower,
  burstIndex,
  burstToTonic,
  type EarlyWarning,
  earlyWarning,
  failureRate,
  lagOneAutocorrelation,
  meanLevel,
  pairedPulseRatio,
  phasicLevel,
  responseAmplitudes,
  synchrony,
  targetError,
  tenthToFirst,
  tonicLevel,
  trendVariance,
} from './detectors.ts';
export {
  type Detector,
  type LevelOptions,
  levelDetectors,
  type MeasuredRun,
  type Needed,
  potentialDetector,
  type ReleaseOptions,
  releaseDetectors,
  type Signals,
  spikeDetectors,
} from './measure.ts';
export { type CompareOptions, defaultDetectors, type Sign } from './options.ts';
export { comparisonPage } from './report.ts';
export { type Place, type Role, roleDocs } from './roles.ts';
export type { ComparisonRow, ControlFlags } from './rows.ts';
export {
  controlProbability,
  controlThreshold,
  type RocPoint,
  rocCurve,
  type Sample,
  type Score,
  scoreAgainst,
} from './statistics.ts';
export {
  comparisonCells,
  comparisonRunsToCsv,
  comparisonToCsv,
  comparisonToJson,
} from './table.ts';

/** The chip bench: weights in few bits, traffic, memory and energy of a network as a neuromorphic chip would see it. */
export type { Core, CoreMap, CoreMemory } from './cores.ts';
export type { ChipOptions, ChipProgress, ChipSubject } from './options.ts';
export { chipPage, chipText } from './page.ts';
export { type QuantisedNetwork, type QuantisedProjection, quantiseNetwork } from './quantise.ts';
export {
  type ChipReport,
  type CoreReport,
  chipReport,
  type OverSeeds,
  type QuantisationResult,
  type QuantisedRun,
} from './report.ts';
export {
  compareTrains,
  type Train,
  type TrainComparison,
  vanRossumSquared,
} from './spike-distance.ts';
export type {
  ChipTraffic,
  CoreLoad,
  DelaySlot,
  HotNeuron,
  Link,
  ProjectionTraffic,
} from './traffic.ts';

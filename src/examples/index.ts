/** The examples by name. Each is a published network with its citation, for the page, the command line and tests. */
import { axon } from './axon.ts';
import { brunel } from './brunel.ts';
import type { Example } from './example.ts';
import { flyP9 } from './fly-p9.ts';
import { flywire } from './flywire.ts';
import { flywireLike } from './flywire-like.ts';
import { gapJunction } from './gap-junction.ts';
import { geneToSpike } from './gene-to-spike.ts';
import { homeostasis } from './homeostasis.ts';
import { izhikevich } from './izhikevich.ts';
import { larva } from './larva.ts';
import { microcircuit } from './microcircuit.ts';
import { receptors } from './receptors.ts';
import { releaseChain } from './release-chain.ts';
import { striatum } from './striatum.ts';
import { tagging } from './tagging.ts';
import { twoNeurons } from './two-neurons.ts';
import { coba, cobahh, cuba, vogelsAbbott } from './vogels-abbott.ts';

export type {
  BuildOptions,
  ChoiceParameter,
  DataRequirement,
  Example,
  ExampleParameter,
  ExampleRun,
  ExampleValues,
  FolderParameter,
  NumberParameter,
  QuantityParameter,
  ReadBytes,
  ReadFile,
  ReadText,
  TextParameter,
} from './example.ts';

/** All examples, in the order in which to show them. */
export const examples: Readonly<Record<string, Example>> = Object.fromEntries(
  [
    microcircuit,
    cuba,
    coba,
    cobahh,
    vogelsAbbott,
    brunel,
    izhikevich,
    flywire,
    flywireLike,
    flyP9,
    larva,
    releaseChain,
    axon,
    gapJunction,
    receptors,
    homeostasis,
    geneToSpike,
    striatum,
    tagging,
    twoNeurons,
  ].map((example) => [example.name, example]),
);

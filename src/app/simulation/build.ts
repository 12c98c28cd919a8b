/** From what the page asks for to a simulation: which document, on which engine, with what the page wants to see of it. */
import { examples } from '../../examples/index.ts';
import {
  createSimulation,
  type NetworkDocument,
  NetworkError,
  type Simulation,
  type SimulationOptions,
} from '../../index.ts';
import { keepArray, readArray } from '../state/array-store.ts';
import { attach, detach } from '../state/arrays.ts';
import { checkpointData } from './checkpoints.ts';
import type { Texts } from './describe.ts';
import { buildError } from './failures.ts';
import { pageDocument } from './page-document.ts';
import { probesOf } from './probes.ts';
import type { SimulationEvents, StartRequest } from './protocol.ts';

export interface Built {
  readonly simulation: Simulation;
  /** As the project keeps it: long lists by reference. */
  readonly document: NetworkDocument;
  readonly texts: Texts;
}

type Listeners = Pick<SimulationOptions, 'onSpikes' | 'onSamples' | 'onWarning'>;

/** Builds what is asked for; `say` tells where it stands. */
export async function buildNetwork(
  request: StartRequest,
  listeners: Listeners,
  say: (progress: SimulationEvents['building']) => void,
): Promise<Built> {
  const { document: asked, texts } = documentOf(request, say);
  // Parameters that were changed while it ran are in the checkpoint, and belong to the network as it was built.
  const resumed = checkpointData(request.checkpoint)?.document ?? null;
  const document = resumed ?? asked;
  const isKept = resumed !== null || request.document !== null;
  const whole = isKept ? await attach(document, readArray) : document;
  const page = pageDocument(whole);
  let bytes = 0;
  try {
    const simulation = await createSimulation(page.document, {
      ...listeners,
      engine: request.engine,
      keepSpikes: false,
      watchSpikes: true,
      // The page draws and answers people meanwhile.
      spareThreads: 1,
      probes: probesOf(page.document),
      onBuild(progress) {
        if (progress.phase === 'estimate') {
          bytes = progress.estimate.memory.reduce((sum, one) => sum + one.bytes, 0);
          const { neurons, synapses } = progress.estimate;
          const size = `${count(neurons)} neurons, ${count(synapses)} synapses`;
          say({ message: `Building ${size}`, fraction: null });
        }
      },
    });
    for (const warning of page.warnings) listeners.onWarning?.(warning);
    return { simulation, document: isKept ? document : await detach(whole, keepArray), texts };
  } catch (error) {
    throw buildError(error, bytes);
  }
}

const count = (many: number): string => many.toLocaleString('en');

function documentOf(
  { source, document }: StartRequest,
  say: (progress: SimulationEvents['building']) => void,
): { readonly document: NetworkDocument; readonly texts: Texts } {
  if (source.kind === 'document') {
    if (document === null) throw new Error('internal: a project without a document.');
    return { document, texts: { title: document.name, citation: '', note: source.origin } };
  }
  const example = Object.hasOwn(examples, source.name) ? examples[source.name] : undefined;
  if (!example) {
    throw new NetworkError(
      `There is no example "${source.name}". Known: ${Object.keys(examples).join(', ')}.`,
      { path: 'example', value: source.name },
    );
  }
  const { title, citation, note } = example;
  say({ message: `Building ${title}`, fraction: null });
  return {
    document: document ?? example.build(source.values, { seed: source.seed }),
    texts: { title, citation, note },
  };
}

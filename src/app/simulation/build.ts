/** From what the page asks for to a simulation: which document, on which engine, with what the page wants to see of it. */
import type { Example } from '../../examples/index.ts';
import {
  type BuildProgress,
  createSimulation,
  DeviceError,
  describeAdapter,
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
import { firstNetwork } from './first-network.ts';
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
  const { document: asked, texts } = await documentOf(request, say);
  // Parameters that were changed while it ran are in the checkpoint, and belong to the network as it was built.
  const resumed = checkpointData(request.checkpoint)?.document ?? null;
  const document = resumed ?? asked;
  const isKept = resumed !== null || request.document !== null;
  const whole = isKept ? await attach(document, readArray) : document;
  const page = pageDocument(whole);
  let bytes = 0;
  let size = '';
  const isCpu = await runsOnCpu(request.engine);
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
          size = `${count(neurons)} neurons, ${count(synapses)} synapses`;
          if (isCpu && bytes > CPU_BYTES) throw tooLarge(size, bytes);
        }
        const { message, fraction } = stageOf(progress);
        say({ message: `Building ${size}${message}`, fraction });
      },
    });
    for (const warning of page.warnings) listeners.onWarning?.(warning);
    return { simulation, document: isKept ? document : await detach(whole, keepArray), texts };
  } catch (error) {
    throw buildError(error, bytes);
  }
}

/** What WebAssembly can address. */
const CPU_BYTES = 2 ** 32;

/** Whether the CPU engine will be chosen; then what does not fit is refused before minutes go into it. */
async function runsOnCpu(engine: StartRequest['engine']): Promise<boolean> {
  if (engine !== 'auto') return engine === 'cpu';
  const found = await describeAdapter();
  return found === null || found.description.isFallback;
}

const tooLarge = (size: string, bytes: number): DeviceError =>
  new DeviceError(
    `The network (${size}) needs ${(bytes / 2 ** 30).toFixed(1)} GiB; the CPU engine can address 4 GiB. Use fewer ` +
      'neurons or sparser connections, or a GPU with that much memory.',
    { reason: 'memory', limit: 'address space', needed: bytes, available: CPU_BYTES },
  );

/** Where building stands, in words to come behind the size. */
function stageOf(progress: BuildProgress): { message: string; fraction: number | null } {
  if (progress.phase === 'estimate') return { message: '', fraction: 0 };
  if (progress.phase === 'engine') return { message: ': code and memory', fraction: null };
  const { done, all } = progress;
  return { message: `: ${done} of ${all} projections`, fraction: all === 0 ? null : done / all };
}

const count = (many: number): string => many.toLocaleString('en');

/** What is said of an example that was edited: it is still to be cited. */
const editedTexts = ({ title, citation, note }: Texts): Texts => ({
  title: `${title} (edited)`,
  citation,
  note: `Edited. As published: ${note}`,
});

async function documentOf(
  { source, document }: StartRequest,
  say: (progress: SimulationEvents['building']) => void,
): Promise<{ readonly document: NetworkDocument; readonly texts: Texts }> {
  if (source.kind === 'document') {
    if (document === null) throw new Error('internal: a project without a document.');
    const edited = /^from (\S+)$/.exec(source.origin)?.[1] ?? '';
    const known = edited === firstNetwork.name ? firstNetwork : await exampleNamed(edited);
    const plain = { title: document.name, citation: '', note: source.origin };
    return { document, texts: known ? editedTexts(known) : plain };
  }
  const isFirst =
    source.name === firstNetwork.name &&
    source.seed === firstNetwork.document.seed &&
    Object.keys(source.values).length === 0;
  const example = isFirst ? firstNetwork : await exampleNamed(source.name);
  if (!example) {
    const known = Object.keys(await loadExamples()).join(', ');
    throw new NetworkError(`There is no example "${source.name}". Known: ${known}.`, {
      path: 'example',
      value: source.name,
    });
  }
  const { title, citation, note } = example;
  say({ message: `Building ${title}`, fraction: null });
  const built =
    'build' in example ? example.build(source.values, { seed: source.seed }) : example.document;
  return { document: document ?? built, texts: { title, citation, note } };
}

/** The examples and the models in them are a third of the code: loaded when one is asked for. */
async function loadExamples(): Promise<Readonly<Record<string, Example>>> {
  return (await import('../../examples/index.ts')).examples;
}

async function exampleNamed(name: string): Promise<Example | undefined> {
  if (name === '') return undefined;
  const examples = await loadExamples();
  return Object.hasOwn(examples, name) ? examples[name] : undefined;
}

/**
 * The files of a NeuroML or LEMS model and the components in them. Includes are read through the caller's reader and never
 * leave its folder; the definitions that every NeuroML tool knows (Cells.xml, …) are not read.
 */
import { NetworkError } from '../../errors.ts';
import { listNames, suggest } from '../../language/messages.ts';
import { parseXml, refuseElement, type XmlElement } from './xml.ts';

/** Reads a file of the model; the name is a path below the caller's folder, with "/". */
export type ReadFile = (name: string) => Promise<string>;

/** Everything of a model that can be referred to. */
export interface Model {
  readonly components: ReadonlyMap<string, XmlElement>;
  readonly networks: readonly XmlElement[];
  readonly simulations: readonly XmlElement[];
  /** The component that <Target> names. */
  readonly target: string | undefined;
}

const MOST_FILES = 500;
const MOST_CHARACTERS = 512 * 1024 * 1024;

const CORE = new Set([
  'Cells.xml',
  'Channels.xml',
  'Inputs.xml',
  'Networks.xml',
  'NeuroML2CoreTypes.xml',
  'NeuroMLCoreCompTypes.xml',
  'NeuroMLCoreDimensions.xml',
  'PyNN.xml',
  'Simulation.xml',
  'Synapses.xml',
]);

/** Elements at the top that describe nothing to be simulated. */
const SILENT = new Set([
  'notes',
  'annotation',
  'property',
  'Dimension',
  'Unit',
  'ComponentType',
  'Assertion',
  'Constant',
]);

/** Reads the main file and all it includes. */
export async function loadModel(read: ReadFile, main: string): Promise<Model> {
  const components = new Map<string, XmlElement>();
  const networks: XmlElement[] = [];
  const simulations: XmlElement[] = [];
  let target: string | undefined;
  let characters = 0;
  const queue = [resolvePath('', main)];
  const seen = new Set(queue);
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const text = await read(file);
    if (typeof text !== 'string')
      throw new TypeError(`readNeuroml: read("${file}") must be a text.`);
    characters += text.length;
    if (characters > MOST_CHARACTERS) {
      throw new NetworkError(`${file}: the files are longer than ${MOST_CHARACTERS} characters.`, {
        path: file,
      });
    }
    const root = await parseXml(text, file);
    if (root.name !== 'neuroml' && root.name !== 'Lems') {
      refuseElement(root, 'must be <neuroml> or <Lems>.');
    }
    for (const element of root.children) {
      if (element.name === 'Include' || element.name === 'include') {
        const next = includedFile(element);
        if (next === null || seen.has(next)) continue;
        if (seen.size === MOST_FILES)
          refuseElement(element, `is one include too many (${MOST_FILES}).`);
        seen.add(next);
        queue.push(next);
      } else if (element.name === 'network') networks.push(element);
      else if (element.name === 'Simulation') simulations.push(element);
      else if (element.name === 'Target') target = element.attributes.get('component');
      else if (!SILENT.has(element.name)) addComponent(element, components);
    }
  }
  return { components, networks, simulations, target };
}

/** `<Component type="iafCell" id="x">` is another way to write `<iafCell id="x">`. */
function addComponent(element: XmlElement, components: Map<string, XmlElement>): void {
  const { attributes } = element;
  const isGeneral = element.name === 'Component';
  const component = isGeneral
    ? { ...element, name: attributes.get('type') ?? 'Component' }
    : element;
  const id = attributes.get('id');
  if (id === undefined) refuseElement(element, 'needs an id.');
  const other = components.get(id);
  if (other !== undefined) {
    refuseElement(element, `has the id of <${other.name}> in ${other.file}, line ${other.line}.`);
  }
  components.set(id, component);
}

/** null for the core definitions. */
function includedFile(element: XmlElement): string | null {
  const name = element.attributes.get('file') ?? element.attributes.get('href');
  if (name === undefined || name === '') return refuseElement(element, 'needs the name of a file.');
  if (CORE.has(name.split('/').at(-1) ?? '')) return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(name))
    refuseElement(element, 'includes an address; only files are read.');
  try {
    return resolvePath(element.file.split('/').slice(0, -1).join('/'), name);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return refuseElement(element, error.message);
  }
}

/** A path relative to a folder of the model, made relative to the model's root. */
function resolvePath(folder: string, name: string): string {
  const steps = folder === '' ? [] : folder.split('/');
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0')) {
    throw new NetworkError(`"${name}" is not a relative path with "/".`, { path: name });
  }
  for (const step of name.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) {
      throw new NetworkError(`"${name}" lies outside the folder of the model.`, { path: name });
    }
  }
  return steps.join('/');
}

/** The component with an id. `by` refers to it. */
export function componentOf(model: Model, id: string | undefined, by: XmlElement): XmlElement {
  const found = id === undefined ? undefined : model.components.get(id);
  if (found !== undefined) return found;
  const names = [...model.components.keys()];
  const near = id === undefined ? undefined : suggest(id, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return refuseElement(
    by,
    id === undefined
      ? 'must name a component.'
      : `names "${id}", which is not there.${hint} Components: ${listNames(names, 20)}.`,
  );
}

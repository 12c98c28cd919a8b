/**
 * Neurons by id, and what is done to them: which neurons a text names, which are activated or silenced in a document, the
 * document with that changed, and files of who responded. Long lists of documents are read only where they matter here.
 */
import type { NetworkDocument, Quantity } from '../../index.ts';
import {
  type ActivatedGroup,
  activate,
  activatedGroups,
  deactivate,
  type NeuronList,
  silence,
  silencedLists,
  unsilence,
} from '../responders/groups.ts';
import { keepArray, readArray } from '../state/array-store.ts';
import { attach, detach } from '../state/arrays.ts';
import type { NeuronLabels } from '../state/project.ts';
import { labelsOf } from './files.ts';

/** What is to be done; applied with one edit. */
export type NeuronEdit =
  | { readonly kind: 'activate'; readonly lists: readonly NeuronList[]; readonly rate: Quantity }
  | { readonly kind: 'deactivate'; readonly source: string; readonly neurons?: readonly number[] }
  | { readonly kind: 'silence'; readonly lists: readonly NeuronList[] }
  | { readonly kind: 'unsilence'; readonly lists: readonly NeuronList[] };

/** What a document does to its neurons, as lists that may be long. */
export interface NeuronGroups {
  readonly activated: readonly ActivatedGroup[];
  readonly silenced: readonly NeuronList[];
}

export interface NamedNeurons {
  readonly lists: readonly NeuronList[];
  /** Words that name nothing. */
  readonly unknown: readonly string[];
}

export interface ConnectomeCalls {
  neuronGroups(document: NetworkDocument): NeuronGroups;
  /** Throws NetworkError, saying why, for what cannot be done. */
  editNeurons(document: NetworkDocument, edit: NeuronEdit): NetworkDocument;
  /**
   * The neurons that a text names: ids, or "#12" for a number, or "exc#12" for one of a certain population; separated by
   * space, comma, semicolon or line. Numbers without "#" where the population has no ids.
   */
  namedNeurons(
    populations: readonly { readonly name: string; readonly size: number }[],
    labels: NeuronLabels | null,
    text: string,
    population: string,
  ): NamedNeurons;
}

/** More words than this are no list of neurons. */
const MOST_WORDS = 200_000;

export const connectomeTools = {
  neuronGroups: async (document: NetworkDocument): Promise<NeuronGroups> => {
    const whole = await withOwnLists(document);
    return { activated: activatedGroups(whole), silenced: silencedLists(whole) };
  },

  async editNeurons(document: NetworkDocument, edit: NeuronEdit): Promise<NetworkDocument> {
    return detach(applied(await withOwnLists(document), edit), keepArray);
  },

  async namedNeurons(
    populations: readonly { readonly name: string; readonly size: number }[],
    labels: NeuronLabels | null,
    text: string,
    population: string,
  ): Promise<NamedNeurons> {
    const ids = labels === null ? null : await numbersOf(labels);
    const found = new Map<string, Set<number>>();
    const unknown: string[] = [];
    const sizes = new Map(populations.map(({ name, size }) => [name, size]));
    const take = (name: string, neuron: number): boolean => {
      if (!(neuron < (sizes.get(name) ?? 0))) return false;
      const set = found.get(name) ?? new Set();
      found.set(name, set.add(neuron));
      return true;
    };
    const words = text.split(/[\s,;]+/).filter((word) => word !== '');
    for (const word of words.slice(0, MOST_WORDS)) {
      const index = ids?.get(word.toLowerCase());
      if (labels && index !== undefined && take(labels.population, index)) continue;
      const [, name, digits = ''] = /^(.*)#(\d{1,9})$/.exec(word) ?? [];
      const plain = labels?.population === population ? '' : word;
      const number = digits || (/^\d{1,9}$/.test(plain) ? plain : '');
      if (number === '' || !take(name || population, Number(number))) unknown.push(word);
    }
    if (words.length > MOST_WORDS) unknown.push(`… ${words.length - MOST_WORDS} more`);
    const lists = [...found].map(([name, neurons]) => ({
      population: name,
      neurons: [...neurons],
    }));
    return { lists, unknown };
  },
};

function applied(document: NetworkDocument, edit: NeuronEdit): NetworkDocument {
  switch (edit.kind) {
    case 'activate':
      return activate(document, edit.lists, edit.rate);
    case 'deactivate':
      return deactivate(document, edit.source, edit.neurons);
    case 'silence':
      return silence(document, edit.lists);
    case 'unsilence':
      return unsilence(document, edit.lists);
  }
}

/** The document with the lists that groups are read from: one number per source or neuron, never those of synapses. */
async function withOwnLists(document: NetworkDocument): Promise<NetworkDocument> {
  const sizes = new Map(document.populations.map(({ name, size }) => [name, size]));
  const populations = [];
  for (const part of document.populations) {
    if (part.kind !== 'neurons') {
      populations.push(part);
      continue;
    }
    const { silenced, activated } = part.initial;
    const own = await attach(
      { ...(silenced && { silenced }), ...(activated && { activated }) },
      readArray,
    );
    populations.push({ ...part, initial: { ...part.initial, ...own } });
  }
  const projections = [];
  for (const projection of document.projections) {
    const { connect, source } = projection;
    const isKick = connect.rule === 'list' && connect.post.length === sizes.get(source.population);
    projections.push(
      isKick ? { ...projection, connect: await attach(connect, readArray) } : projection,
    );
  }
  return { ...document, populations, projections };
}

/** Made once: several questions are about the same labels. */
let numbers: { readonly ids: readonly string[]; readonly of: ReadonlyMap<string, number> } | null =
  null;

async function numbersOf(labels: NeuronLabels): Promise<ReadonlyMap<string, number>> {
  const ids = await labelsOf(labels);
  if (numbers?.ids !== ids) {
    numbers = { ids, of: new Map(ids.map((id, index) => [id.toLowerCase(), index])) };
  }
  return numbers.of;
}

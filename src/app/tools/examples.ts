/** Examples as the gallery shows them, and as documents. */
import { type ExampleParameter, examples } from '../../examples/index.ts';
import { type NetworkDocument, NetworkError } from '../../index.ts';
import { keepArray } from '../state/array-store.ts';
import { detach } from '../state/arrays.ts';

export interface ExampleCard {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly note: string;
  /** Names of its own parameters with kind, default, range and meaning. */
  readonly parameters: Readonly<Record<string, PlainParameter>>;
  /** Files that it needs and that are not part of wetware; null when it needs none. */
  readonly needs: {
    readonly files: Readonly<Record<string, string>>;
    readonly origin: string;
  } | null;
}

/** ExampleParameter without what cannot be sent. */
export type PlainParameter = WithoutForm<ExampleParameter>;

/** Each kind apart, so that its own properties stay known. */
type WithoutForm<P> = P extends unknown ? Omit<P, 'form'> : never;

export interface ExampleCalls {
  exampleCards(): readonly ExampleCard[];
  /** The document of an example, long lists by reference. */
  buildExample(
    name: string,
    values: Readonly<Record<string, string>>,
    seed: number,
  ): NetworkDocument;
}

export const exampleTools = {
  exampleCards: (): readonly ExampleCard[] =>
    Object.values(examples).map(({ name, title, citation, note, parameters, needsData }) => ({
      name,
      title,
      citation,
      note,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, parameter]) => {
          const { form: _, ...plain } = { form: undefined, ...parameter };
          return [key, plain];
        }),
      ),
      needs: needsData ? { files: needsData.files, origin: needsData.origin } : null,
    })),
  async buildExample(
    name: string,
    values: Readonly<Record<string, string>>,
    seed: number,
  ): Promise<NetworkDocument> {
    const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
    if (!example) {
      throw new NetworkError(`There is no example "${name}".`, { path: 'example', value: name });
    }
    return detach(example.build(values, { seed }), keepArray);
  },
};

/** Tables of library models, asked of the tools worker once and kept for the page. */
import { type Signal, signal } from '@preact/signals';
import type { Quantity } from '../../index.ts';
import { callTool } from '../tools/client.ts';
import type { ExampleCard } from '../tools/examples.ts';
import type { ModelTable, QuantityRule } from '../tools/library.ts';

const tables = new Map<string, Signal<ModelTable | null>>();

/** null until it is known, and for names that no model has. */
export function tableOf(model: string | undefined): ModelTable | null {
  if (model === undefined) return null;
  let table = tables.get(model);
  if (!table) {
    table = signal<ModelTable | null>(null);
    tables.set(model, table);
    const found = table;
    callTool('describeModel', [model]).then(
      (answer) => {
        found.value = answer;
      },
      () => tables.delete(model),
    );
  }
  return table.value;
}

const cards = signal<readonly ExampleCard[] | null>(null);
let isAsked = false;

/** null until they are known. */
export function cardOf(example: string): ExampleCard | null {
  if (!isAsked) {
    isAsked = true;
    callTool('exampleCards', []).then(
      (all) => {
        cards.value = all;
      },
      () => {
        isAsked = false;
      },
    );
  }
  return cards.value?.find(({ name }) => name === example) ?? null;
}

const meanings = signal<Readonly<Record<string, string>>>({});
let areMeaningsAsked = false;

/** What parameters of that name mean in the models of the library; '' where they do not agree, or until it is known. */
export function meaningOf(parameter: string): string {
  if (!areMeaningsAsked) {
    areMeaningsAsked = true;
    callTool('parameterMeanings', []).then(
      (all) => {
        meanings.value = all;
      },
      () => {
        areMeaningsAsked = false;
      },
    );
  }
  const all = meanings.value;
  return Object.hasOwn(all, parameter) ? (all[parameter] ?? '') : '';
}

/** '' when the quantity is one; else what is wrong. */
export const checkQuantity = (text: Quantity, rule: QuantityRule): Promise<string> =>
  callTool('checkQuantity', [text, rule]);

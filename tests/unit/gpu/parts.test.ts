/** Synapses in parts: every row in exactly one, at the address that its entry says, no part larger than allowed. */
import { describe, expect, test } from 'vitest';
import { placeSynapses, type Share, type SynapseParts } from '../../../src/gpu/parts.ts';
import { planWords } from '../../../src/gpu/plan-words.ts';
import { Network, type NetworkDocument } from '../../../src/index.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import type { DeliverKernel, Plan } from '../../../src/plan/plan.ts';
import { builtByEngine, DRAWN_DELAY, DRAWN_WEIGHT, network } from '../../support/synapse-ways.ts';

/** Three projections: one plastic at both ends and summed, one with wide targets, one without variables. */
function mixed(): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 2 });
  const cells = net.population('cells', 150, {
    eqs: 'dv/dt = (I - v)/(20*ms) : volt\nI : volt',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
  });
  const many = net.population('many', 70_000, { eqs: 'v : volt' });
  net
    .projection('plastic', cells, cells, {
      eqs: 'w : volt\nI_post = 0.001*w : volt (summed)',
      onPre: 'v += w; w *= 0.99',
      onPost: 'w += 0.01*mV',
      initial: { w: DRAWN_WEIGHT },
      delay: { byPathway: { pre: DRAWN_DELAY } },
    })
    .connect({ rule: 'fixed-in-degree', k: 20 });
  net
    .projection('wide', cells, many, { onPre: 'v += 1*mV', delay: DRAWN_DELAY })
    .connect({ rule: 'fixed-out-degree', k: 30 });
  net
    .projection('plain', cells, cells, { onPre: 'v += 1*mV', delay: '1 ms' })
    .connect({ rule: 'fixed-probability', p: 0.1 });
  return net.document;
}

const PLANS: Readonly<Record<string, () => Plan>> = {
  'pathways at both ends and a sum': () => compileNetwork(mixed(), { synapses: 'host' }).plan,
  'half words and bytes': () =>
    compileNetwork(network({ rule: 'fixed-in-degree', k: 30 }, DRAWN_WEIGHT, DRAWN_DELAY)).plan,
};

/** The words (or cells) of a part, as uploading them gives them. */
function contents(parts: SynapseParts, kind: 'words' | 'cells', of: ArrayLike<number>): number[][] {
  const buffers = parts.sizes.map((size) => Array.from({ length: size[kind] }, () => Number.NaN));
  for (const { first, end, part, at } of parts[kind]) {
    for (let k = first; k < end; k++) (buffers[part] as number[])[at + k - first] = of[k] as number;
  }
  return buffers;
}

const at = (base: number, offset: number): number => (base + offset) >>> 0;

/** What entry e of a row reads: its words, as a list. */
function entryWords(
  { packing, trigger }: Pick<DeliverKernel, 'packing' | 'trigger'>,
  words: ArrayLike<number>,
  synapseBase: number,
  delayBase: number,
  e: number,
): number[] {
  const word = (base: number, offset: number): number => words[at(base, offset)] as number;
  if (trigger === 'post' || packing === 'wide') {
    return [word(synapseBase, 2 * e), word(synapseBase, 2 * e + 1)];
  }
  if (!packing.startsWith('target16')) return [word(synapseBase, e)];
  const half = (word(synapseBase, e >>> 1) >>> (16 * (e & 1))) & 0xffff;
  if (packing === 'target16') return [half];
  return [half, (word(delayBase, e >>> 2) >>> (8 * (e & 3))) & 0xff];
}

/** Every synapse of a kernel is reached once, with the words and cells of the plan. */
function checkKernel(
  plan: Plan,
  parts: SynapseParts,
  kernel: Pick<DeliverKernel, 'packing' | 'trigger' | 'projections'>,
  shares: readonly Share[],
): void {
  const words = contents(parts, 'words', plan.synapses);
  const cells = contents(parts, 'cells', plan.synapseState);
  for (const slot of kernel.projections) {
    const rowCount = kernel.trigger === 'pre' ? slot.sourceCount : slot.targetCount;
    const count = plan.rows[slot.rows + rowCount] as number;
    const reached = new Uint8Array(count);
    for (const share of shares) {
      for (const placed of share.slots.filter((one) => one.slot === slot)) {
        const begin = plan.rows[slot.rows + placed.firstRow] as number;
        const end = plan.rows[slot.rows + placed.endRow] as number;
        for (let e = begin; e < end; e++) {
          const own = entryWords(
            kernel,
            words[share.words] as number[],
            placed.synapseBase,
            placed.delayBase,
            e,
          );
          expect(own).toEqual(
            entryWords(kernel, plan.synapses, slot.synapseBase, slot.delayBase, e),
          );
          const synapse = kernel.trigger === 'post' ? (own[1] as number) : e;
          if (synapse < placed.bound[0] || synapse >= placed.bound[1]) continue;
          reached[e] = (reached[e] as number) + 1;
          for (const [k, first] of placed.synapseCells.entries()) {
            expect(cells[share.cells]?.[at(first, synapse)]).toBe(
              plan.synapseState[(slot.synapseCells[k] as number) + synapse],
            );
          }
        }
      }
    }
    expect(reached.every((times) => times === 1)).toBe(true);
  }
}

describe.each(Object.entries(PLANS))('%s', (_, make) => {
  const plan = make();

  test.each([1e9, 2000, 1234, 400])('in parts of %d words', (most) => {
    const parts = placeSynapses(plan, most);
    expect(parts.sizes.length > 1).toBe(most < 1e9);
    for (const { words, cells } of parts.sizes) {
      expect(words).toBeLessThanOrEqual(most);
      expect(cells).toBeLessThanOrEqual(most);
    }
    for (const [k, kernel] of plan.deliver.entries()) {
      checkKernel(plan, parts, kernel, parts.deliver[k] as Share[]);
    }
    for (const [k, { projection }] of plan.summed.entries()) {
      const kernel = { packing: 'target', trigger: 'post', projections: [projection] } as const;
      checkKernel(plan, parts, kernel, parts.summed[k] as Share[]);
    }
  });

  test('all cells have one place', () => {
    for (const most of [1e9, 1000]) {
      let end = 0;
      for (const stretch of placeSynapses(plan, most).cells) {
        expect(stretch.first).toBe(end);
        end = stretch.end;
      }
      expect(end).toBe(plan.synapseCells);
    }
  });
});

test('cells that no kernel reaches have a place, too', () => {
  const plan = { ...builtByEngine(mixed(), 'wide'), synapseCells: 9000 };
  const { cells } = placeSynapses(plan, 800);
  expect(cells.reduce((sum, { first, end }) => sum + end - first, 0)).toBe(9000);
});

test('sums go on in the order of the synapses', () => {
  const { summed } = placeSynapses(compileNetwork(mixed(), { synapses: 'host' }).plan, 500);
  const firsts = new Map<number, number>();
  for (const { slots } of summed[0] ?? []) {
    for (const { firstRow, bound } of slots) {
      expect(bound[0]).toBeGreaterThanOrEqual(firsts.get(firstRow) ?? 0);
      firsts.set(firstRow, bound[1]);
    }
  }
  expect(firsts.size).toBeGreaterThan(1);
});

test('rows that the device makes are counted through, part by part', () => {
  const plan = builtByEngine(
    network({ rule: 'fixed-out-degree', k: 30 }, '1 mV', DRAWN_DELAY),
    'wide',
  );
  const parts = placeSynapses(plan, 5000);
  const { builds } = planWords(plan, parts);
  expect(builds.length).toBe(parts.sizes.length);
  const rows = builds.reduce((sum, build) => sum + build.rows, 0);
  const all = plan.deliver.flatMap(({ projections }) => projections);
  expect(rows).toBe(all.reduce((sum, { sourceCount }) => sum + sourceCount, 0));
});

/**
 * What the tests of pictures share: the engine that draws them, the file they are compared with, and ways to follow a
 * run over times that grow. After a change that is meant, `UPDATE_PICTURES=1 npx vitest run tests/unit/models/pictures`
 * draws the pictures anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  createSimulation,
  type Network,
  type NetworkDocument,
  type Simulation,
} from '../../src/index.ts';
import { type EngineCase, singleEngines } from './engines.ts';

/** The CPU engine computes the same bits everywhere. */
export const engine = singleEngines[0] as EngineCase;

/** Compares a picture with the file of a page, or writes it; the page must show it and say in words what it shows. */
export function matches(page: string, file: string, drawn: string): void {
  const folder = 'src/models/systems';
  if (process.env.UPDATE_PICTURES === '1') writeFileSync(`${folder}/${file}`, drawn);
  expect(drawn).not.toContain('NaN');
  expect(drawn.length).toBeLessThan(60_000);
  expect(drawn).toBe(readFileSync(`${folder}/${file}`, 'utf8'));
  const shown = readFileSync(`${folder}/${page}`, 'utf8').match(/!\[([^\]]*)\]\(([^)]*)\)/g) ?? [];
  expect(
    shown.filter((one) => one.length > 40 + file.length && one.endsWith(`](${file})`)),
  ).toHaveLength(1);
}

/** Times from `fromMs` to `toMs`, about so many in each decade, on steps of `dtMs`. */
export function growingTimes(
  fromMs: number,
  toMs: number,
  perDecade: number,
  dtMs: number,
): number[] {
  const count = Math.round(Math.log10(toMs / fromMs) * perDecade);
  const steps = Array.from({ length: count + 1 }, (_, k) =>
    Math.round((fromMs * (toMs / fromMs) ** (k / count)) / dtMs),
  );
  return [...new Set(steps)].map((step) => step * dtMs);
}

/** Runs a network to each of the times, after `beforeMs`, and hands it to `look` there. */
export async function follow(
  network: Network | NetworkDocument,
  timesMs: readonly number[],
  look: (simulation: Simulation, timeMs: number) => void | Promise<void>,
  beforeMs = 0,
): Promise<void> {
  const simulation = await createSimulation(network, engine.options);
  try {
    for (const time of timesMs) {
      await simulation.runSteps(Math.round((beforeMs + time) / simulation.dtMs) - simulation.step);
      await look(simulation, time);
    }
  } finally {
    simulation.destroy();
  }
}

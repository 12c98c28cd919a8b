/** `wetware compare`: control beside intervention with the same seeds; a table, files, and a page with pictures. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CompareOptions,
  type Comparison,
  type ConditionOptions,
  compareIntervention,
  comparisonCells,
  comparisonPage,
  comparisonRunsToCsv,
  comparisonToCsv,
  comparisonToJson,
  conditionIn,
  type Detector,
  defaultDetectors,
  levelDetectors,
  type NetworkCondition,
  roleDocs,
} from '../biomedical/index.ts';
import {
  accelerationsText,
  DIMENSIONS,
  type NetworkDocument,
  parseQuantity,
  readIntervention,
  suggest,
} from '../index.ts';
import { lateInterventions } from './interventions.ts';
import { loadNetwork } from './load-network.ts';
import { counted, formatSeconds } from './progress.ts';
import { columns } from './report.ts';
import { makeFolder } from './results.ts';
import { manyLine, readGrid, stoppable } from './run-many.ts';
import { simulationOptions } from './settings.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** Returns the exit code; throws what the caller turns into one. */
export async function compare(
  target: string,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const { seeds, atOnce } = readGrid(options);
  const doses = options.doses === undefined ? undefined : readDoses(options.doses);
  const simulation = simulationOptions(options);
  // What is done is done in the runs with intervention only.
  const loaded = await loadNetwork(target, { ...options, intervene: [] });
  for (const note of loaded.notes) messages.remark(note);
  const change = readChange(loaded.document, options);
  if (options.out !== undefined) await makeFolder(options.out);
  const line = manyLine(terminal, options.quiet);
  const comparison = await stoppable(terminal, (signal) =>
    compareIntervention(loaded.rebuild ?? loaded.document, {
      ...simulation,
      ...change,
      ...(seeds !== undefined && { seeds }),
      ...(atOnce !== undefined && { atOnce }),
      ...(doses !== undefined && { doses }),
      ...(options.from !== undefined && { from: options.from }),
      ...(options.to !== undefined && { to: options.to }),
      duration: options.duration ?? loaded.defaultDuration,
      detectors: readDetectors(loaded.document, options.detect),
      signal,
      onProgress: (progress) => line.show(progress),
      onWarning: (warning) => {
        line.clear();
        messages.warn(warning);
      },
    }),
  )
    .catch((error: unknown) => {
      throw asOwn(error);
    })
    .finally(() => line.clear());
  for (const late of lateInterventions(options.intervene, comparison.duration_ms)) {
    messages.warn(late);
  }
  for (const { arm, seed, error } of comparison.failed) {
    messages.warn(`the run "${arm}" with seed ${seed} failed. ${error}`);
  }
  if (options.out !== undefined) await writeFiles(options.out, comparison, messages.note);
  terminal.out(options.json ? `${comparisonToJson(comparison)}\n` : describe(comparison));
  return isWhole(comparison) ? EXIT.fine : EXIT.failed;
}

/** All runs came to their ends. */
const isWhole = ({ failed, example, stopped }: Comparison): boolean =>
  failed.length === 0 && example !== null && !stopped;

type Change = Pick<CompareOptions, 'interventions' | 'name' | 'signs'>;

/** --condition with its --at, --until and --role, and every --intervene. */
function readChange(document: NetworkDocument, options: Options): Change {
  const { condition, at, until, role, intervene } = options;
  const own = intervene.map(readIntervention);
  if (condition === undefined) {
    const stray = Object.entries({ at, until, role: role[0] }).find(
      ([, value]) => value !== undefined,
    );
    if (stray !== undefined) {
      throw new UsageError(
        `--${stray[0]} belongs to --condition; an intervention of --intervene has its times in it: "w*0.5@300ms..600ms".`,
      );
    }
    if (own.length > 0) return { interventions: own };
    throw new UsageError(
      'wetware compare needs what to do: --condition NAME, or --intervene "OWNER.PARAMETER*0.5@300ms".',
    );
  }
  const where: ConditionOptions = {
    ...(at !== undefined && { at: readTime('at', at) }),
    ...(until !== undefined && { until: readTime('until', until) }),
    roles: readRoles(role),
  };
  const { name, interventions, signs }: NetworkCondition = conditionIn(document, condition, where);
  return { name, signs, interventions: [...interventions, ...own] };
}

function readTime(option: string, text: string): string {
  parseQuantity(text, `--${option}`, DIMENSIONS.time);
  return text;
}

/** "inhibition=basket.w" of each --role. */
function readRoles(texts: readonly string[]): Record<string, string[]> {
  const known = Object.keys(roleDocs);
  const roles: Record<string, string[]> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const role = text.slice(0, at).trim();
    const place = text.slice(at + 1).trim();
    if (at <= 0 || place === '') {
      throw new UsageError(`--role is such as inhibition=OWNER.PARAMETER, got "${text}".`);
    }
    if (!known.includes(role)) {
      const meant = suggest(role, known);
      const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
      throw new UsageError(`--role: unknown role "${role}".${hint} Known: ${known.join(', ')}.`);
    }
    roles[role] = [...(roles[role] ?? []), place];
  }
  return roles;
}

/** Spikes of all populations, and levels of what --detect names. */
function readDetectors(document: NetworkDocument, texts: readonly string[]): Detector[] {
  const levels = texts.flatMap((text) => {
    const [, population, variable, unit, target] =
      /^(.+)\.([A-Za-z_]\w*)(?::([^=]+))?(?:=(.+))?$/.exec(text.trim()) ?? [];
    if (population === undefined || variable === undefined) {
      throw new UsageError(`--detect is such as POPULATION.VARIABLE:UNIT=TARGET, got "${text}".`);
    }
    return levelDetectors(population, variable, {
      ...(unit !== undefined && { unit: unit.trim() }),
      ...(target !== undefined && { target: readTarget(target, unit) }),
    });
  });
  return [...defaultDetectors(document), ...levels];
}

/** "7", in the unit that is shown, or "7 uM". */
const readTarget = (text: string, unit: string | undefined): string | number => {
  const number = Number(text);
  if (Number.isNaN(number)) return text.trim();
  return unit === undefined ? number : `${number} ${unit.trim()}`;
};

function readDoses(text: string): number[] {
  const doses = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (doses.every((dose) => Number.isFinite(dose) && dose >= 0)) return doses;
  throw new UsageError(`--doses must be numbers from 0 on, such as 0.25,0.5,0.75, got "${text}".`);
}

/** Failures in the words of the command line. */
function asOwn(error: unknown): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error;
  const found = /^(?:compareIntervention|runMany): (.*)$/s.exec(error.message);
  return found === null ? error : new UsageError(found[1]);
}

async function writeFiles(
  folder: string,
  comparison: Comparison,
  note: (text: string) => void,
): Promise<void> {
  const files = {
    'comparison.html': comparisonPage(comparison),
    'detectors.csv': comparisonToCsv(comparison),
    'runs.csv': comparisonRunsToCsv(comparison),
    'comparison.json': `${comparisonToJson(comparison)}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, text);
    note(`Wrote ${path}`);
  }
}

/** The table for people, with what chance does. */
function describe(comparison: Comparison): string {
  const { model, title, seeds, duration_ms, window_ms, threshold, chance, rows } = comparison;
  const { control_flags: flags, engine } = comparison;
  const flagged = rows.filter((row) => row.flagged).length;
  const byChance = Number.isNaN(chance) ? '' : `, by chance ${(chance * rows.length).toFixed(1)}`;
  const doses = doseTable(comparison);
  const accelerated = accelerationsText(comparison.slow_time);
  return [
    `${model}: ${title}\n`,
    `${counted(seeds.length, 'seed')} of ${formatSeconds(duration_ms)}, with and without, ${engine}; ${formatSeconds(window_ms[0])} to ${formatSeconds(window_ms[1])}\n`,
    accelerated === '' ? '' : `Slow time runs ahead: ${accelerated}\n`,
    columns(comparisonCells(comparison)),
    doses,
    `${flagged} of ${counted(rows.length, 'detector')} with |z| > ${threshold}${byChance}; control runs among themselves: ${flags.flagged} of ${flags.of} numbers, by chance ${flags.expected.toFixed(1)}\n`,
    'For research and education; not clinical.\n',
  ].join('');
}

/** A line for each detector that is flagged, a column for each dose. */
function doseTable({ doses, rows }: Comparison): string {
  if (doses.length === 0) return '';
  const flagged = rows.filter((row) => row.flagged).map(({ detector }) => detector);
  const lines = flagged.map((detector) => [
    detector,
    ...doses.map(({ rows: found }) => {
      const mean = found.find((row) => row.detector === detector)?.mean ?? Number.NaN;
      return Number.isNaN(mean) ? '–' : String(Number(mean.toPrecision(3)));
    }),
  ]);
  return columns([['dose', ...doses.map(({ dose }) => String(dose))], ...lines]);
}

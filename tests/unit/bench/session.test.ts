/** A run of the bench: steps in order, what is done passed over, what is cancelled kept, and files that say so. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEstimate } from '../../../bench/jobs.ts';
import { type BenchRecord, keyOf, lineOf, parseRecords } from '../../../bench/record.ts';
import { openResults, writeReport } from '../../../bench/results.ts';
import { runSteps, type Step } from '../../../bench/session.ts';
import { MACHINE, measured, onThreads, RUN, skipped } from './recorded.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function step(key: string, run: Step['run']): Step {
  return { key, name: `step ${key}`, estimate: 60, run };
}

function watch() {
  const records: BenchRecord[] = [];
  const texts: string[] = [];
  return {
    records,
    texts,
    observer: {
      progress: (text: string) => void texts.push(text),
      record: (record: BenchRecord) => void records.push(record),
    },
  };
}

describe('a session', () => {
  it('does what is not done, in order, and says where it stands', async () => {
    const seen = watch();
    const steps = ['a', 'b', 'c'].map((key) =>
      step(key, async (_, onProgress) => {
        onProgress('run 1 of 5');
        return skipped(key);
      }),
    );
    const isComplete = await runSteps(
      steps,
      new Set(['a']),
      new AbortController().signal,
      seen.observer,
    );
    expect(isComplete).toBe(true);
    expect(seen.records.map((record) => record.kind === 'skipped' && record.reason)).toEqual([
      'b',
      'c',
    ]);
    expect(seen.texts[0]).toMatch(/^\[2\/3\] step b, .* left$/);
    expect(seen.texts[1]).toMatch(/^\[2\/3\] step b: run 1 of 5, .* left$/);
    expect(seen.texts.at(-1)).toMatch(/^\[3\/3\] step c: run 1 of 5, /);
  });

  it('stops where it is cancelled, and keeps what a cancelled step has', async () => {
    const seen = watch();
    const stop = new AbortController();
    const steps = [
      step('a', async () => measured()),
      step('b', async () => {
        stop.abort();
        return measured({ is_complete: false });
      }),
      step('c', async () => measured()),
    ];
    expect(await runSteps(steps, new Set(), stop.signal, seen.observer)).toBe(false);
    expect(seen.records).toHaveLength(2);
  });

  it('stops at a step that has nothing, without a record', async () => {
    const seen = watch();
    const steps = [step('a', async () => null), step('b', async () => measured())];
    const { signal } = new AbortController();
    expect(await runSteps(steps, new Set(), signal, seen.observer)).toBe(false);
    expect(seen.records).toEqual([]);
  });

  it('tells how long in words', () => {
    expect([10, 61, 125, 4000, 7200].map(describeEstimate)).toEqual([
      'less than a minute',
      'about 1 min',
      'about 2 min',
      'about 67 min',
      'about 2.0 h',
    ]);
  });
});

describe('results', () => {
  const fresh = { ...RUN, id: 'run-2' };

  it('are in the file as soon as they are there, and in the report at the end', () => {
    const place = join(folder, 'new', 'results');
    const results = openResults(place, false, RUN, MACHINE);
    results.add(measured());
    expect(parseRecords(readFileSync(results.file, 'utf8'))).toEqual([measured()]);
    results.add(skipped('why'));
    const report = results.writeReport();
    expect(readFileSync(report, 'utf8')).toContain('cuba-4000');
    expect(writeReport(results.file)).toBe(report);
  });

  it('of an earlier run are not overwritten', () => {
    const place = join(folder, 'kept');
    openResults(place, false, RUN, MACHINE).add(measured());
    expect(() => openResults(place, false, fresh, MACHINE)).toThrow(/--resume goes on/);
    expect(existsSync(join(place, 'records.jsonl'))).toBe(true);
  });

  it('go on: complete measurements stay, the rest is tried again, the run is the earlier one', () => {
    const place = join(folder, 'resumed');
    const cut = measured({ is_complete: false, engine: onThreads(2) });
    const before = openResults(place, false, RUN, MACHINE);
    for (const record of [measured(), cut, skipped('once')]) before.add(record);
    const results = openResults(place, true, fresh, MACHINE);
    expect(results.run).toEqual(RUN);
    expect([...results.done]).toEqual([keyOf(measured())]);
    expect(readFileSync(results.file, 'utf8')).toBe(lineOf(measured()));
  });

  it('do not go on under another commit or on another machine', () => {
    const place = join(folder, 'elsewhere');
    openResults(place, false, RUN, MACHINE).add(measured());
    const again = (run: typeof RUN, machine: typeof MACHINE) => () =>
      openResults(place, true, run, machine);
    expect(again({ ...fresh, commit: 'abcdef' }, MACHINE)).toThrow(/one run on one machine/);
    expect(again(fresh, { ...MACHINE, cores: 8 })).toThrow(/one run on one machine/);
    expect(again(fresh, MACHINE)).not.toThrow();
  });

  it('that are no records are refused by line', () => {
    const file = join(folder, 'records.jsonl');
    writeFileSync(file, 'rubbish\n');
    expect(() => writeReport(file)).toThrow(/^Line 1 is no record/);
  });
});

/** The report from recorded results: self-contained, escaped, and with every measurement in it. */
import { describe, expect, it } from 'vitest';
import { reportDocument } from '../../../bench/report/document.ts';
import { terminalTable } from '../../../bench/report/tables.ts';
import { html } from '../../../src/report/markup.ts';
import { bytes, percent, plain, seconds, short } from '../../../src/report/numbers.ts';
import { linearScale, logScale } from '../../../src/report/scale.ts';
import {
  GPU,
  MACHINE,
  measured,
  ofPeer,
  onAdapter,
  onThreads,
  SOFTWARE,
  skipped,
} from './recorded.ts';

const larger = measured({}, [0.3, 0.31]);
const records = [
  ofPeer(1, [0.08, 0.09]),
  ofPeer(2, [0.06]),
  measured(),
  measured({ engine: onThreads(2) }, [0.02]),
  {
    ...larger,
    workload: { ...larger.workload, name: 'cuba-40000' },
    network: { ...larger.network, neurons: 40_000 },
  },
  measured({ engine: onAdapter(GPU) }, [0.01]),
  measured({ engine: onAdapter(SOFTWARE) }, [2.5]),
  skipped('it needs data files'),
];
const report = reportDocument(records);

/** The sections of a report by their headings. */
function sectionsOf(document: string): Map<string, string> {
  const found = document.matchAll(
    /<section><h2>([^<]*?)(?: <span[^>]*>[^<]*<\/span>)?<\/h2>(.*?)<\/section>(?=<section><h2>|<\/main>)/gs,
  );
  return new Map([...found].map(([, title = '', body = '']) => [title.trim(), body]));
}

describe('the report', () => {
  it('loads nothing from anywhere and runs nothing', () => {
    const resources = [...report.matchAll(/(?:src|href|action|data)\s*=\s*["']?([^"'\s>]*)/gi)];
    expect(resources.map(([, address]) => address)).toEqual(['data:,']);
    expect(report).not.toMatch(/https?:|\/\/[a-z]|@import|url\(|<script|<iframe|\bon\w+\s*=/i);
    expect(report).toContain("default-src 'none'");
  });

  it('has no style attributes, so that a page with a strict policy can show it', () => {
    expect(report).not.toMatch(/\sstyle\s*=/);
  });

  it('names machine, date, version, adapter and peer', () => {
    for (const text of [
      'Some Processor @ 2.6 GHz, 4 cores, 8 GiB',
      '2026-11-25 04:12 UTC',
      'Node 22.12.0',
      '0.1.0, commit 0123456789ab',
      'NVIDIA GeForce RTX 4090',
      'Brian 2 2.5.1',
    ]) {
      expect(report).toContain(text);
    }
  });

  it('has a section for every question, and every measurement in its table', () => {
    const sections = sectionsOf(report);
    expect([...sections.keys()]).toEqual([
      'In words',
      'Against others',
      'Speed',
      'Size',
      'Threads',
      'Phases',
      'WebGPU in software',
      'All measurements',
      'Not measured',
      'Method',
    ]);
    const rows = sections.get('All measurements')?.match(/<tr>/g) ?? [];
    expect(rows).toHaveLength(1 + records.length - 1);
    expect(sections.get('Not measured')).toContain('it needs data files');
    // Medians 0.085 and 0.032: 2.66 times as fast.
    expect(sections.get('Against others')).toContain('2.66 ×');
  });

  it('keeps software adapters out of every picture', () => {
    const sections = sectionsOf(report);
    for (const title of ['Against others', 'Speed', 'Size', 'Threads', 'Phases']) {
      expect(sections.get(title), title).not.toContain('llvmpipe');
    }
    expect(sections.get('WebGPU in software')).toContain('llvmpipe');
    expect(report).not.toContain('GPU: llvmpipe');
  });

  it('escapes whatever records hold', () => {
    const evil = `<img src=x onerror="alert(1)">&'`;
    const hostile = measured({
      machine: { ...MACHINE, cpu: evil, platform: evil },
      simulator: { name: evil, version: evil, detail: evil },
      workload: { name: evil, example: evil, values: {} },
      engine: onAdapter({ ...GPU, description: evil }),
      warnings: [evil],
      check: { ...measured().check, spike_hash: evil },
    });
    const page = reportDocument([hostile, { ...skipped(evil), workload: hostile.workload }]);
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/onerror="/);
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;');
  });

  it('is made of nothing, of one record, and of skipped ones alone', () => {
    expect(reportDocument([])).toContain('No record.');
    expect([...sectionsOf(reportDocument([measured()])).keys()]).toEqual([
      'In words',
      'Speed',
      'Phases',
      'All measurements',
      'Method',
    ]);
    expect([...sectionsOf(reportDocument([skipped('why')])).keys()]).toEqual([
      'Not measured',
      'Method',
    ]);
  });

  it('warns of several runs and of a busy machine', () => {
    const { run } = measured();
    const two = reportDocument([measured(), measured({ run: { ...run, id: 'run-2' } })]);
    expect(two).toContain('records of 2 runs');
    const busy = measured({ warnings: ['The machine was busy with something else: …'] });
    expect(reportDocument([busy])).toContain('do not quote these numbers');
  });

  it('holds no NaN and no place outside of its pictures', () => {
    expect(report).not.toMatch(/NaN|Infinity|undefined|\[object/);
    const places = [...report.matchAll(/\b(?:x|x1|x2|width)="(-?[\d.]+)%"/g)].map(([, at]) =>
      Number(at),
    );
    expect(places.length).toBeGreaterThan(50);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(100);
  });
});

describe('the table of a terminal', () => {
  it('has a line for each measurement, all of one width', () => {
    const lines = terminalTable([measured(), measured({ engine: onThreads(2) }, [0.02])]).split(
      '\n',
    );
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[2]).toContain('CPU, 1 thread');
  });
});

describe('markup', () => {
  it('escapes texts and keeps markup', () => {
    const inner = html`<b>${'a & "b"'}</b>`;
    expect(html`<p title="${'<"\'>'}">${inner}${null}${7}${[inner, inner]}</p>`.text).toBe(
      '<p title="&lt;&quot;&#39;&gt;"><b>a &amp; &quot;b&quot;</b>7<b>a &amp; &quot;b&quot;</b><b>a &amp; &quot;b&quot;</b></p>',
    );
  });
});

describe('scales', () => {
  it('put equal ratios at equal distances, inside of the picture', () => {
    const scale = logScale([0.1, 1000]);
    expect(scale.at(1) - scale.at(0.1)).toBeCloseTo(scale.at(1000) - scale.at(100), 9);
    expect(scale.at(0.1)).toBeGreaterThan(0);
    expect(scale.at(1000)).toBeLessThan(100);
    expect(scale.ticks).toEqual([0.1, 1, 10, 100, 1000]);
    // One value, or none, still has an axis.
    expect(logScale([3]).at(3)).toBeCloseTo(50, 9);
    expect(logScale([]).ticks).toContain(1);
    expect(scale.at(0)).toBe(0);
  });

  it('count by ones, twos and fives on linear axes', () => {
    expect(linearScale(0, 10).ticks).toEqual([0, 2, 4, 6, 8, 10]);
    expect(linearScale(0, 10).at(5)).toBe(50);
    expect(linearScale(1, 1).ticks).toEqual([1]);
  });
});

describe('numbers', () => {
  it('are shown with three digits and a unit', () => {
    expect([0, 0.012345, 1.5, 12.34, 123.4, 12_345].map(plain)).toEqual([
      '0',
      '0.0123',
      '1.5',
      '12.3',
      '123',
      '12,345',
    ]);
    expect([2e-5, 0.0312, 1.56, 125].map(seconds)).toEqual([
      '20 µs',
      '31.2 ms',
      '1.56 s',
      '2 min 5 s',
    ]);
    expect([0, 999, 319_684, 15.6e6, 298_880_968].map(short)).toEqual([
      '0',
      '999',
      '320 k',
      '15.6 M',
      '299 M',
    ]);
    expect([0, 1024, 1.5 * 2 ** 30].map(bytes)).toEqual(['0 B', '1 KiB', '1.5 GiB']);
    expect([0.0123, -0.004].map(percent)).toEqual(['+1.2 %', '−0.4 %']);
  });
});

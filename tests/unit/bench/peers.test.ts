/** The protocol of peers, on the worked example of the README, and on peers that break it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer, readPeers } from '../../../bench/peer-process.ts';
import { knows, measurementWords, type Peer, recordOfPeer } from '../../../bench/peers.ts';
import { parseRecord, SCHEMA } from '../../../bench/record.ts';
import { type Workload, workloads } from '../../../bench/workloads.ts';
import { MACHINE, RUN } from './recorded.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const cuba = workloads[0] as Workload;
const HOW = { threads: 1, durationMs: 100, repeats: 2 };
const { signal } = new AbortController();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-peers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SCRIPTED = { peer: 'Scripted', version: '1', most_threads: 1, workloads: ['cuba'] };

/** A peer that describes itself and runs a line of JavaScript as its measurement. */
function scripted(script: string): Promise<Peer> {
  const describing = `if (process.argv.includes('--describe')) console.log('${JSON.stringify(SCRIPTED)}'); else { ${script} }`;
  return found([[process.execPath, '-e', describing, '--']]);
}

async function found(commands: readonly (readonly string[])[]): Promise<Peer> {
  const peer = await findPeer({ name: 'Scripted', commands }, ROOT);
  if (typeof peer === 'string') throw new Error(peer);
  return peer;
}

async function example(): Promise<Peer> {
  const [entry] = readPeers(join(ROOT, 'bench/peers/plain/peers.json'));
  if (!entry) throw new Error('the example lists no peer');
  const peer = await findPeer(entry, ROOT);
  if (typeof peer === 'string') throw new Error(peer);
  return peer;
}

describe('peers', () => {
  it('describe themselves and measure: the worked example', async () => {
    const peer = await example();
    expect(peer).toMatchObject({ peer: 'Plain JavaScript', most_threads: 1 });
    expect(knows(peer, cuba)).toBe(true);
    expect(workloads.filter((one) => knows(peer, one)).map(({ example: name }) => name)).toEqual([
      'cuba',
      'cuba',
      'cuba',
    ]);
    const answer = await peer.measure(cuba, { ...HOW, durationMs: 1000 }, signal);
    expect(answer.simulate_s).toHaveLength(2);
    // CUBA: 5.3 to 6.0 Hz by seed in our double-precision runs, and 2 % of 4000 * 4000 synapses.
    const rate = (answer.spikes ?? 0) / 4000;
    expect(rate).toBeGreaterThan(5.1);
    expect(rate).toBeLessThan(6.2);
    // Binomial: 320,000 with a standard deviation of 560; five of them.
    expect(Math.abs(answer.synapses - 320_000)).toBeLessThan(2800);
    const record = recordOfPeer(peer, cuba, answer, { schema: SCHEMA, run: RUN, machine: MACHINE });
    expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(record).toMatchObject({
      machine: { runtime: 'Plain JavaScript' },
      engine: { kind: 'cpu', threads: 1, synapses: null },
      check: { rate_hz: rate },
    });
  });

  it('are asked in one way', () => {
    expect(measurementWords(cuba, HOW).join(' ')).toBe(
      '--workload cuba --neurons 4000 --duration-ms 100 --threads 1 --repeats 2 --seed 1',
    );
  });

  it('that are not installed are left out with the reason; the first that answers counts', async () => {
    const missing = await findPeer(
      {
        name: 'Nowhere',
        commands: [
          ['$WETWARE_NO_SUCH_VARIABLE', 'x'],
          ['no-such-command-here'],
          [process.execPath, '-e', 'console.error("no module nowhere"); process.exit(3)', '--'],
        ],
      },
      ROOT,
    );
    expect(missing).toBe(
      'Nowhere is not installed here: no-such-command-here does not start; no module nowhere',
    );
    const second = await found([['no-such-command-here'], ['node', 'bench/peers/plain/peer.mjs']]);
    expect(second.peer).toBe('Plain JavaScript');
  });

  it.each([
    [
      'fail',
      'console.error("first"); console.error("out of memory"); process.exit(1)',
      'out of memory',
    ],
    ['say nothing', 'process.exit(2)', 'ended with code 2'],
    ['print no JSON', 'console.log("done")', 'JSON'],
    ['lack a figure', 'console.log(JSON.stringify({ neurons: 1 }))', 'synapses must be'],
  ])('that %s are reasons, not records', async (_, script, reason) => {
    const peer = await scripted(script);
    await expect(peer.measure(cuba, HOW, signal)).rejects.toThrow(reason);
  });

  it('on a GPU name their adapter', () => {
    const adapter = { vendor: 'nvidia', architecture: '', description: 'A100', isFallback: false };
    const record = recordOfPeer(
      { ...SCRIPTED, engine: 'gpu' },
      cuba,
      {
        neurons: 1,
        synapses: 0,
        dt_ms: 0.1,
        duration_ms: 1,
        threads: null,
        spikes: null,
        simulate_s: [1],
        adapter,
      },
      { schema: SCHEMA, run: RUN, machine: MACHINE },
    );
    expect(record.engine).toEqual({ kind: 'gpu', threads: null, synapses: null, adapter });
    expect(parseRecord(record)).toEqual(record);
  });

  it('are listed in files that are checked', () => {
    expect(readPeers(join(ROOT, 'bench/peers/peers.json')).map(({ name }) => name)).toEqual([
      'Brian 2',
    ]);
    const file = join(folder, 'peers.json');
    writeFileSync(file, JSON.stringify([{ name: 'x', commands: [[]] }]));
    expect(() => readPeers(file)).toThrow(/commands\[0\] must be a list of at least 1/);
  });
});

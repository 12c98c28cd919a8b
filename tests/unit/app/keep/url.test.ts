/** Addresses: what they say, that they come back as they were, and that no text does harm. */
import { describe, expect, it } from 'vitest';
import { packDocument, unpackDocument } from '../../../../src/app/state/packed.ts';
import {
  DEFAULT_RUN,
  DEFAULT_VIEW,
  exampleProject,
  newProject,
} from '../../../../src/app/state/project.ts';
import {
  documentAddress,
  exampleAddress,
  LONGEST_LINK,
  projectAddress,
  readAddress,
} from '../../../../src/app/state/url.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';
import { NetworkError, validateDocument } from '../../../../src/index.ts';
import { createRandom, mutate } from './random.ts';

const cuba = (examples.cuba as Example).build({ neurons: 500 }, { seed: 3 });

describe('an address', () => {
  it('says example, values, seed, engine and view', () => {
    expect(
      readAddress(
        '#example=cuba&seed=2&engine=gpu&neurons=8000&window=500&panel=traces&theme=dark&pace=0.1&probes=neurons:5,3&build_hide=true&share_hide=false',
      ),
    ).toEqual({
      source: { kind: 'example', name: 'cuba', values: { neurons: '8000' }, seed: 2 },
      run: { engine: 'gpu', pace: 0.1 },
      view: {
        windowMs: 500,
        panel: 'traces',
        theme: 'dark',
        probes: [{ population: 'neurons', neurons: [3, 5] }],
        hidden: ['build'],
      },
    });
  });

  it('may name no network, and still how to look at one', () => {
    expect(readAddress('')).toEqual({ source: null, run: {}, view: {} });
    expect(readAddress('#theme=light').source).toBeNull();
    expect(readAddress('#seed=9').source).toMatchObject({ kind: 'example', name: 'coba', seed: 9 });
  });

  it('names documents in it and elsewhere', () => {
    expect(readAddress('#net=1abc&engine=cpu')).toMatchObject({
      source: { kind: 'net', packed: '1abc' },
      run: { engine: 'cpu' },
    });
    expect(readAddress('#src=https://example.org/m.json').source).toEqual({
      kind: 'src',
      address: 'https://example.org/m.json',
    });
  });

  it.each([
    ['#hello', /says nothing/],
    ['#seed=two', /seed must be a whole number/],
    ['#seed=4294967296', /seed must be/],
    ['#seed=', /seed must be/],
    ['#engine=quantum', /engine must be one of auto, gpu, cpu/],
    ['#window=-5', /window must be a number/],
    ['#probes=exc', /probes must be like/],
    ['#probes=exc:1,2,3,4,5,6,7,8,9', /at most 8/],
    ['#panel=<img src=x>', /no panel/],
    ['#example=cuba&__proto__=1', /__proto__/],
    [`#example=cuba&neurons=${'9'.repeat(5000)}`, /too long/],
  ])('%s is refused in words', (hash, message) => {
    expect(() => readAddress(hash)).toThrow(message);
    expect(() => readAddress(hash)).toThrow(NetworkError);
  });

  it('comes back as it was written', async () => {
    const project = {
      ...exampleProject('cuba', { neurons: '800', drive: '1.2 nA & more' }, 7),
      run: { ...DEFAULT_RUN, engine: 'cpu', pace: 0.01 } as const,
      view: {
        ...DEFAULT_VIEW,
        windowMs: 250,
        probes: [{ population: 'a:b ü', neurons: [0, 4] }],
        hidden: ['engine'],
      },
    };
    const read = readAddress(`#${exampleAddress(project)}`);
    expect(read.source).toEqual(project.source);
    expect({ ...DEFAULT_RUN, ...read.run }).toEqual(project.run);
    expect({ ...DEFAULT_VIEW, ...read.view }).toEqual(project.view);
    expect(await projectAddress(project)).toBe(exampleAddress(project));
  });

  it('is short for an example and holds a document that was edited', async () => {
    expect(exampleAddress(exampleProject('cuba', {}, 2))).toBe('example=cuba&seed=2');
    const edited = newProject({
      source: { kind: 'document', origin: 'from cuba' },
      document: cuba,
    });
    const address = await projectAddress(edited);
    const { source } = readAddress(`#${address}`);
    expect(source?.kind).toBe('net');
    const opened = await unpackDocument(source?.kind === 'net' ? source.packed : '');
    expect(opened).toEqual(JSON.parse(JSON.stringify(cuba)));
    expect(validateDocument(opened).seed).toBe(3);
  });

  it('leaves out what is too long for a link, or has its lists elsewhere', async () => {
    const document = {
      ...cuba,
      timedArrays: {
        noise: {
          // Digits that no compression makes short.
          values: Array.from({ length: 20_000 }, (_, k) => Math.sin(k * k)),
          dt: '1 ms',
          unit: '1',
        },
      },
    } as never;
    const source = { kind: 'document', origin: '' } as const;
    const project = newProject({ source, document });
    expect((await documentAddress(project)).length).toBeGreaterThan(LONGEST_LINK);
    expect(await projectAddress(project)).toBe('');
    const apart = { ...cuba, list: { array: 'ab', type: 'Float64Array', length: 30_000 } } as never;
    expect(await documentAddress(newProject({ source, document: apart }))).toBe('');
  });
});

describe('a packed document', () => {
  it('keeps every bit of its numbers, also of typed arrays', async () => {
    const values = [0.1, 1 / 3, 5e-324, -0, 2 ** 53 - 1];
    const document = { ...cuba, x: { list: Float64Array.from(values), f: Float32Array.of(0.1) } };
    const opened = (await unpackDocument(await packDocument(document as never))) as unknown as {
      x: { list: number[]; f: number[] };
    };
    // JSON has no -0.
    expect(opened.x.list).toEqual(values.map((value) => value + 0));
    expect(Math.fround(opened.x.f[0] as number)).toBe(Math.fround(0.1));
  });

  it.each([
    ['', /empty/],
    ['2abc', /another version/],
    ['xyz', /does not begin/],
    ['1abc$', /do not belong/],
    ['1abc', /missing or was changed/],
  ])('"%s" is refused in words', async (text, message) => {
    await expect(unpackDocument(text)).rejects.toThrow(message);
    await expect(unpackDocument(text)).rejects.toThrow(NetworkError);
  });

  it('that unfolds without end is given up after two megabytes', async () => {
    const bomb = await packed(new Uint8Array(200 * 2 ** 20).fill(32));
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().rss;
    await expect(unpackDocument(bomb)).rejects.toThrow(/more than 2 MiB/);
    // What is unfolded at once is bounded by the pieces that are fed: far less than the 200 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it('is no list, no number, not nested without end, and has no key "__proto__"', async () => {
    for (const [json, message] of [
      ['[]', /no document/],
      ['3', /no document/],
      ['null', /no document/],
      ['{"a":', /no JSON/],
      [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested/],
      ['{"params":{"__proto__":{"polluted":1}}}', /__proto__/],
    ] as const) {
      const text = await packed(new TextEncoder().encode(json));
      await expect(unpackDocument(text)).rejects.toThrow(message);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('strings that nobody wrote', () => {
  it('are read, or refused with a NetworkError, and never anything else', async () => {
    const random = createRandom(11);
    const good = [
      '#example=cuba&seed=2&engine=gpu&neurons=8000&probes=exc:1,2&window=500',
      `#net=${await packDocument(cuba)}&theme=dark`,
      '#src=https://example.org/a.json&panel=rates&pace=fast',
    ];
    for (let k = 0; k < 3000; k++) {
      const text = mutate(random, good[k % good.length] as string);
      try {
        const { source, view } = readAddress(text);
        expect(Object.getPrototypeOf(view)).toBe(Object.prototype);
        if (source?.kind === 'net' && k % 7 === 0) await unpackDocument(source.packed);
      } catch (error) {
        expect(error).toBeInstanceOf(NetworkError);
        expect((error as Error).message.length).toBeLessThan(400);
      }
    }
  });
});

async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const deflated = new Uint8Array(await new Response(stream).arrayBuffer());
  return `1${Buffer.from(deflated).toString('base64url')}`;
}

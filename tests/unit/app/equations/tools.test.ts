import { describe, expect, it, test } from 'vitest';
import { methodSentence, stepSentence } from '../../../../src/app/tools/advice.ts';
import { write } from '../../../../src/app/tools/code.ts';
import { equationTools, reportOn } from '../../../../src/app/tools/equations.ts';
import { withStandIns } from '../../../../src/app/tools/stand-ins.ts';
import { examples } from '../../../../src/examples/index.ts';
import { checkNetwork, type NetworkDocument } from '../../../../src/index.ts';
import { fromBrian2 } from '../../../../src/io/scripts/index.ts';

const coba = examples.coba?.build({}, { seed: 1 }) as NetworkDocument;

test('the integrator and why, in one sentence', () => {
  const [neurons] = reportOn(coba).owners;
  expect(neurons?.method).toMatch(/^exponential_euler, because conditionally linear: /);
  expect(neurons?.method).toContain('g_exc*(e_rev_exc - v)');
  expect(methodSentence({ method: 'exact', reason: 'as requested', warnings: [] })).toBe(
    'exact, as the model asks for',
  );
});

describe('the time step', () => {
  it('is advised by the fastest time constant', () => {
    expect(stepSentence('exact', 0.1, { variable: 'v', ms: 20 })).toMatch(
      /exactly; 0\.1 ms is how/,
    );
    expect(stepSentence('rk4', 0.1, { variable: 'v', ms: 20 })).toMatch(/short enough/);
    expect(stepSentence('exponential_euler', 0.1, { variable: 'm', ms: 0.5 })).toMatch(
      /a tenth of it, 0\.05 ms; exponential_euler stays stable at 0\.1 ms/,
    );
    expect(stepSentence('euler', 1, { variable: 'm', ms: 0.4 })).toMatch(
      /unstable at 1 ms. Take 0\.02 ms/,
    );
    expect(stepSentence('rk4', 0.1, null)).toBe('');
  });

  it('is never said to be shorter than 32-bit numbers bear', () => {
    expect(stepSentence('exponential_euler', 0.1, { variable: 'm', ms: 0.08 })).toMatch(
      /too short for 32-bit numbers.*compare with 0\.05 ms/,
    );
  });
});

test('problems are shown as the line and a caret below', () => {
  const [population] = coba.populations;
  const eqs = '  dv/dt = (v_rst - v)/tau_m : volt\ng_exc : siemens\ng_inh : siemens';
  const wrong = { ...coba, populations: [{ ...population, eqs } as never] };
  const [owner] = reportOn(wrong).owners;
  expect(owner?.problems[0]).toMatchObject({
    line: 1,
    column: 12,
    length: 5,
    where: 'eqs, line 1',
  });
  expect(owner?.problems[0]?.excerpt).toBe('dv/dt = (v_rst - v)/tau_m : volt\n         ^^^^^');
  expect(owner?.method).toBe('');
});

test('texts as LaTeX by their keys', () => {
  const { texts } = equationTools.latexOf(coba, { kind: 'population', name: 'neurons' });
  expect(texts.map(({ key, lines }) => [key, lines.length])).toEqual([
    ['eqs', 4],
    ['threshold', 1],
    ['reset', 1],
    ['refractory', 1],
    ['onStep', 0],
  ]);
  expect(equationTools.latexOf(coba, { kind: 'population', name: 'none' })).toEqual({ texts: [] });
});

test('references to long lists do not stand in the way of checks', () => {
  const reference = { array: 'abc', type: 'Float64Array', length: 1e6 } as never;
  const [exc] = coba.projections;
  const listed: NetworkDocument = {
    ...coba,
    projections: [
      {
        ...(exc as NonNullable<typeof exc>),
        eqs: 'w : siemens',
        onPre: 'g_exc += w',
        initial: { w: { values: reference, unit: 'nS' } },
        delay: { values: reference, unit: 'ms' },
        connect: { rule: 'list', pre: reference, post: reference },
      },
    ],
    timedArrays: { I: { dt: '1 ms', unit: 'pA', columns: 3, values: reference } },
  };
  const { owners, others } = checkNetwork(withStandIns(listed));
  expect([others, owners.map(({ message }) => message)]).toEqual([[], ['', '']]);
  const wrong = { ...listed, projections: [{ ...listed.projections[0], onPre: 'g_exc += q' }] };
  expect(checkNetwork(withStandIns(wrong as never)).owners[1]?.problems).toHaveLength(1);
  expect(withStandIns(coba)).toEqual(coba);
});

describe('the network as code', () => {
  it('JSON is the document', async () => {
    const { text } = await write(coba, 'json');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(coba)));
  });

  it('JSON has typed lists as lists, on one line', async () => {
    const typed = {
      ...coba,
      timedArrays: {
        I: { dt: '1 ms', unit: 'pA', columns: 1, values: new Float32Array(20).fill(0.5) },
      },
    };
    const { text } = await write(typed, 'json');
    const array = (JSON.parse(text) as NetworkDocument).timedArrays.I;
    expect(array?.values).toEqual(new Array(20).fill(0.5));
    expect(text.split('\n').filter((line) => line.includes('0.5,0.5'))).toHaveLength(1);
  });

  it('Brian 2 scripts are read again', async () => {
    const { text } = await write(coba, 'brian2');
    expect(fromBrian2(text).problems).toEqual([]);
  });

  it('WGSL has a shader per kernel', async () => {
    const { text, notes } = await write(coba, 'wgsl');
    expect(text.match(/fn main\(/g)?.length).toBe(2);
    expect(notes[0]).toMatch(/^2 kernels/);
  });
});

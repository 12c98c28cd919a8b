/** What names mean, and what the typed trees hold. */
import { describe, expect, it } from 'vitest';
import type {
  CheckedPopulation,
  SymbolReference,
  TypedExpression,
} from '../../../src/language/ast.ts';
import { checkPopulation, checkProjection } from '../../../src/language/check.ts';
import { describeDimension } from '../../../src/language/units.ts';
import { typedReads, visitTyped } from '../../../src/language/walk.ts';
import { dimensions } from './corpus.ts';
import { scopeOf, source, target, UNITS } from './failing.ts';

/** The expression of variable `name`. */
function expressionOf(model: Pick<CheckedPopulation, 'variables'>, name: string): TypedExpression {
  const expression = model.variables.find((variable) => variable.name === name)?.expression;
  if (expression === undefined || expression === null) throw new Error(`no expression of ${name}`);
  return expression;
}

const check = (eqs: string, more: object = {}): CheckedPopulation =>
  checkPopulation({ eqs, ...more }, scopeOf(UNITS));

/** "role scope-or-side name" of all symbols. */
function symbols(expression: TypedExpression): string[] {
  return typedReads(expression).map((symbol: SymbolReference) => {
    if (symbol.role === 'parameter') return `${symbol.scope} parameter ${symbol.name}`;
    return 'side' in symbol
      ? `${symbol.side} ${symbol.role} ${symbol.name}`
      : `${symbol.role} ${symbol.name}`;
  });
}

describe('typed trees', () => {
  it('hold units and constants as numbers in internal units', () => {
    const model = check('x = -50*mV + 0.02*volt : volt\ny = 2*pi : 1\nz = 3*nA/Hz : coulomb');
    expect(expressionOf(model, 'x')).toMatchObject({
      kind: 'binary',
      operator: '+',
      left: { operator: '*', left: { kind: 'unary' }, right: { kind: 'number', value: 1 } },
      right: { operator: '*', left: { value: 0.02 }, right: { value: 1000 } },
    });
    expect(expressionOf(model, 'y')).toMatchObject({ right: { kind: 'number', value: Math.PI } });
  });

  it('have a type and a dimension at every node', () => {
    const model = check(`
      a = (i + 1)*N : integer
      b = i/2 : 1
      c = i > 3 and not (t > 1*ms) : boolean
      d = sqrt(E_L**2) : volt
      f = int(t/ms) % 3 : integer
      g = abs(-i) : integer
      h = timestep(t, dt) : integer
      k = i//2 : integer
      l = 2**3 : 1`);
    const typeOf = (name: string): string => {
      const { type, dimension } = expressionOf(model, name);
      return `${type} ${describeDimension(dimension)}`;
    };
    expect(['a', 'b', 'c', 'd', 'f', 'g', 'h', 'k', 'l'].map(typeOf)).toEqual([
      'integer 1',
      'float 1',
      'boolean 1',
      'float volt',
      'integer 1',
      'integer 1',
      'integer 1',
      'integer 1',
      'float 1',
    ]);
    for (const { expression } of model.variables) {
      if (expression === null) continue;
      visitTyped(expression, (node) => {
        expect(node.dimension).toHaveLength(7);
        expect(node.span.end).toBeGreaterThan(node.span.start);
      });
    }
  });

  it('drop unary plus, and give infinite bounds the dimension of what they bound', () => {
    const model = check('v : volt\nx = clip(+v, -inf, inf) : volt');
    expect(expressionOf(model, 'x')).toMatchObject({
      kind: 'call',
      name: 'clip',
      arguments: [
        { kind: 'symbol' },
        { kind: 'number', value: Number.NEGATIVE_INFINITY },
        { kind: 'number', value: Number.POSITIVE_INFINITY },
      ],
    });
  });

  it('read timed arrays as tables', () => {
    const model = check('x = I_t(t) : amp\ny = I_ti(t, i) : amp');
    expect(expressionOf(model, 'x')).toMatchObject({ kind: 'table', name: 'I_t', column: null });
    expect(expressionOf(model, 'y')).toMatchObject({ kind: 'table', column: { kind: 'symbol' } });
  });
});

describe('names in a population', () => {
  it('are variables, specials, noise, parameters, in this order', () => {
    const scope = {
      ...scopeOf({ a: '1', both: '1' }),
      networkParams: dimensions({ both: '1', b: '1', v: '1' }),
    };
    const eqs = 'dv/dt = (a + both + b + v + i + N)*Hz + xi_2/second**0.5 : 1';
    const model = checkPopulation(
      { eqs, threshold: 'v > 1', reset: 'v = 0', refractory: '2*ms' },
      scope,
    );
    expect(symbols(expressionOf(model, 'v'))).toEqual([
      'own parameter a',
      'own parameter both',
      'network parameter b',
      'own variable v',
      'own special i',
      'own special N',
      'noise xi_2',
    ]);
    expect(model.noise).toEqual(['xi_2']);
  });

  it('of parameters may be like constants of objects', () => {
    const scope = { params: {}, networkParams: {}, timedArrays: {} };
    expect(() => checkPopulation({ eqs: 'x = constructor : 1' }, scope)).toThrow('unknown name');
    expect(() => checkPopulation({ eqs: 'x = toString(1) : 1' }, scope)).toThrow(
      'unknown function',
    );
  });

  it('may be local to a reset', () => {
    const model = check('v : volt', {
      threshold: 'v > V_t',
      reset: 'over = v - V_t; over *= 2; v = V_r + over',
    });
    expect(model.reset.map(({ target, operator }) => [target, operator])).toEqual([
      [{ role: 'local', name: 'over' }, '='],
      [{ role: 'local', name: 'over' }, '*='],
      [{ role: 'variable', name: 'v', side: 'own' }, '='],
    ]);
  });

  it('of variables keep unit, flags, line and block', () => {
    const model = check('# first\nv : mV (constant)\nn : integer');
    expect(model.variables).toMatchObject([
      { name: 'v', kind: 'parameter', type: 'float', unit: 'mV', flags: ['constant'], line: 2 },
      { name: 'n', kind: 'parameter', type: 'integer', unit: 'integer', line: 3 },
    ]);
    expect(model.blocks.eqs).toEqual({
      name: 'eqs',
      text: '# first\nv : mV (constant)\nn : integer',
    });
  });

  it('a refractory time may be a lone quantity, an expression, or a condition', () => {
    const refractory = (text: string): TypedExpression | null =>
      check('v : volt\nref : second', { threshold: 'v > V_t', reset: 'v = V_r', refractory: text })
        .refractory;
    expect(refractory('5 ms')).toMatchObject({ kind: 'number', value: 5 });
    expect(refractory('2*tau_m')).toMatchObject({ type: 'float' });
    expect(refractory('ref')).toMatchObject({ kind: 'symbol' });
    expect(refractory('v > V_t')).toMatchObject({ type: 'boolean' });
  });
});

describe('names in a projection', () => {
  const scope = {
    ...scopeOf({ own: '1', V_t: 'volt' }),
    networkParams: dimensions({ net: '1' }),
    targetParams: dimensions(UNITS),
  };
  const ends = { pre: target, post: target };
  const model = checkProjection(
    {
      eqs: 'w : siemens\nx : volt\nda/dt = -a/tau_m : 1 (event-driven)',
      onPre: {
        pre: `g += w*own*net*int(t - lastupdate > 1*ms)
          x = v + v_pre + v_post + V_t + V_r + u_pre`,
        b: 'a += i + j + N + N_pre + N_post + N_incoming + N_outgoing',
        a: 'x = x*exp((lastspike_pre - lastspike_post)/tau_m)*int(not_refractory)',
      },
      onPost: { post: 'g_pre -= w' },
    },
    ends,
    scope,
  );
  const statements = (name: string) =>
    model.pathways.find((pathway) => pathway.name === name)?.statements ?? [];

  it('run pre pathways first, each group by name', () => {
    expect(model.pathways.map(({ trigger, name }) => `${trigger} ${name}`)).toEqual([
      'pre a',
      'pre b',
      'pre pre',
      'post post',
    ]);
    expect(Object.keys(model.blocks)).toEqual(['eqs', 'onPre a', 'onPre b', 'onPre', 'onPost']);
  });

  it('without suffix mean the target', () => {
    const [write, read] = statements('pre');
    expect(write?.target).toEqual({ role: 'variable', name: 'g', side: 'post' });
    expect(symbols(read?.value as TypedExpression)).toEqual([
      'post variable v',
      'pre variable v',
      'post variable v',
      'own parameter V_t',
      'target parameter V_r',
      'pre variable u',
    ]);
    expect(symbols(write?.value as TypedExpression)).toEqual([
      'synapse variable w',
      'own parameter own',
      'network parameter net',
      'synapse special t',
      'synapse special lastupdate',
    ]);
  });

  it('know the indices, sizes and degrees, and the clocks of both ends', () => {
    expect(symbols(statements('b')[0]?.value as TypedExpression)).toEqual(
      ['i', 'j', 'N', 'N_pre', 'N_post', 'N_incoming', 'N_outgoing'].map(
        (name) => `synapse special ${name}`,
      ),
    );
    expect(symbols(statements('a')[0]?.value as TypedExpression)).toEqual([
      'synapse variable x',
      'pre special lastspike',
      'post special lastspike',
      'target parameter tau_m',
      'post special not_refractory',
    ]);
  });

  it('a declared lastupdate is a variable', () => {
    const text = {
      eqs: 'lastupdate : second',
      onPre: { pre: 'g += exp(-(t - lastupdate)/tau_m)*nS; lastupdate = t' },
    };
    const manual = checkProjection(text, { pre: null, post: target }, scope);
    const [, write] = manual.pathways[0]?.statements ?? [];
    expect(write?.target).toEqual({ role: 'variable', name: 'lastupdate', side: 'synapse' });
  });

  it('a spike list may drive neurons', () => {
    const text = { onPre: { pre: 'g += 2*nS' } };
    expect(checkProjection(text, { pre: null, post: target }, scope).pathways).toHaveLength(1);
    expect(checkProjection({}, { pre: source, post: target }, scope).pathways).toEqual([]);
  });

  it('a summed variable keeps its target in its name', () => {
    const text = { eqs: 'w : siemens\nI_gap_post = w*(v_pre - v_post) : amp (summed)' };
    const [, summed] = checkProjection(text, ends, scope).variables;
    expect(summed).toMatchObject({ name: 'I_gap_post', kind: 'subexpression', flags: ['summed'] });
    const reading = {
      ...text,
      eqs: `${text.eqs}\nseen : amp`,
      onPre: { pre: 'seen = I_gap_post' },
    };
    const [read] = checkProjection(reading, ends, scope).pathways[0]?.statements ?? [];
    expect(symbols(read?.value as TypedExpression)).toEqual(['post variable I_gap']);
  });
});

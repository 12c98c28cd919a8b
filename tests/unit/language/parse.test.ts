/** Grammar: precedence, spans, where equations and statements end; placeholders. */
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../src/language/ast.ts';
import { parseEquations, parseExpression, parseStatements } from '../../../src/language/parse.ts';
import { eqs } from '../../../src/language/substitute.ts';
import { tokenize } from '../../../src/language/tokenize.ts';

/** The tree with all its parentheses. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.integer ? String(expression.value) : `${expression.value}f`;
    case 'boolean':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'unary':
      return `(${expression.operator} ${show(expression.operand)})`;
    case 'binary':
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
    case 'call':
      return `${expression.name}(${expression.arguments.map(show).join(', ')})`;
  }
}

const tree = (text: string): string => show(parseExpression({ name: 'x', text }));

describe('precedence is that of Python', () => {
  it.each([
    ['a + b*c', '(a + (b * c))'],
    ['a*b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a/b*c', '((a / b) * c)'],
    ['a//b%c', '((a // b) % c)'],
    ['-x**2', '(- (x ** 2))'],
    ['2**-1', '(2 ** (- 1))'],
    ['a**b**c', '(a ** (b ** c))'],
    ['a**-b**c', '(a ** (- (b ** c)))'],
    ['(a**b)**c', '((a ** b) ** c)'],
    ['-a*b', '((- a) * b)'],
    ['a*-b', '(a * (- b))'],
    ['- -a', '(- (- a))'],
    ['+a', '(+ a)'],
    ['not a and b or c', '(((not a) and b) or c)'],
    ['a or b and c', '(a or (b and c))'],
    ['not a == b', '(not (a == b))'],
    ['not not a', '(not (not a))'],
    ['a < b + 1 and c >= d', '((a < (b + 1)) and (c >= d))'],
    ['f(a, b + 1)*g()', '(f(a, (b + 1)) * g())'],
    ['True and (False)', '(true and false)'],
    ['1 + 1. + .5 + 1e-3 + 1E5', '((((1 + 1f) + 0.5f) + 0.001f) + 100000f)'],
  ])('%s', (text, expected) => {
    expect(tree(text)).toBe(expected);
  });

  it('large whole numbers are floats, because integers have 32 bits', () => {
    expect(tree('2147483647 + 2147483648')).toBe('(2147483647 + 2147483648f)');
  });
});

describe('spans', () => {
  it('cover terms as they were written, with their parentheses', () => {
    const text = ' (a + b)*exp( c ) ';
    const tree = parseExpression({ name: 'x', text });
    const of = ({ span }: Expression): string => text.slice(span.start, span.end);
    expect(of(tree)).toBe('(a + b)*exp( c )');
    if (tree.kind !== 'binary') throw new Error('not a product');
    expect([of(tree.left), of(tree.right)]).toEqual(['(a + b)', 'exp( c )']);
  });

  it('of equations give name, unit and flags', () => {
    const text = 'a : 1\ndv/dt = -v/tau\n  + x : mV/ms (unless   refractory) # end';
    const [, equation] = parseEquations({ name: 'eqs', text });
    if (equation === undefined) throw new Error('no equation');
    const at = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(equation).toMatchObject({
      kind: 'differential',
      name: 'v',
      unit: 'mV/ms',
      flags: ['unless refractory'],
    });
    expect(at(equation.nameSpan)).toBe('v');
    expect(at(equation.unitSpan)).toBe('mV/ms');
    expect(at(equation.span)).toMatch(/^dv\/dt[\s\S]*refractory\)$/);
  });

  it('of tokens join to the text', () => {
    const text = 'dv/dt = a**-2 != b // c #x\n<< é "q" ;';
    for (const token of tokenize(text)) expect(text.slice(token.start, token.end)).toBe(token.text);
  });
});

describe('equations', () => {
  const kinds = (text: string): string[] =>
    parseEquations({ name: 'eqs', text }).map(({ kind, name, unit }) => `${kind} ${name}:${unit}`);

  it('end at their unit; expressions go on over lines', () => {
    const text = `
      # a comment : with = signs
      dv/dt = (a
        + b)   # inside
        *c
        - d : volt (constant,
                    shared)

      x =
        3 : 1
      y : siemens
        / metre**2
      z = 2 : boolean # last`;
    expect(kinds(text)).toEqual([
      'differential v:volt',
      'subexpression x:1',
      'parameter y:siemens         / metre**2',
      'subexpression z:boolean',
    ]);
  });

  it('may be empty', () => {
    expect(kinds('')).toEqual([]);
    expect(kinds('\n # only a comment\n')).toEqual([]);
  });

  it('a variable may start with d', () => {
    expect(kinds('d = a/dt : 1\ndd/dt = d/dt : 1\ndt_ : second')).toEqual([
      'subexpression d:1',
      'differential d:1',
      'parameter dt_:second',
    ]);
  });
});

describe('statements', () => {
  const targets = (text: string): string[] =>
    parseStatements({ name: 'reset', text }).map(({ target, operator }) => target + operator);

  it('end at newlines and semicolons outside parentheses', () => {
    expect(targets('a = 1; b += 2\n\n c -= (3\n + 4) # x\n;d *= 1;')).toEqual([
      'a=',
      'b+=',
      'c-=',
      'd*=',
    ]);
  });

  it('know all assignments', () => {
    const text = 'a = 1; a += 1; a -= 1; a *= 1; a /= 1; a %= 1; a //= 1; a **= 1';
    expect(targets(text)).toEqual(['a=', 'a+=', 'a-=', 'a*=', 'a/=', 'a%=', 'a//=', 'a**=']);
  });

  it('may be empty', () => {
    expect(targets('')).toEqual([]);
  });
});

describe('placeholders', () => {
  it('replace names by names everywhere and by expressions where they are read', () => {
    const text = 'dg/dt = -g/tau : siemens # g over tau\ngg : 1';
    expect(eqs(text, { g: 'g_e', tau: '10*ms' })).toBe(
      'dg_e/dt = -g_e/(10*ms) : siemens # g over tau\ngg : 1',
    );
    expect(eqs('g_post += w', { g: 'g_e' })).toBe('g_e_post += w');
    expect(eqs('x = a : 1', { a: '3' })).toBe('x = 3 : 1');
    expect(eqs('x = a : 1')).toBe('x = a : 1');
  });

  it('refuse what cannot be', () => {
    expect(() => eqs('dg/dt = -g : 1', { g: '2*x' })).toThrow('only be replaced by a name');
    expect(() => eqs('g : 1', { g: '2' })).toThrow('only be replaced by a name');
    expect(() => eqs('x : 1\ngee : 1', { ge: 'h' })).toThrow(
      'eqs: there is no ge to replace in the text. Did you mean "gee"? Its names: gee, x',
    );
  });
});

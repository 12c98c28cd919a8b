import { describe, expect, it, test } from 'vitest';
import { examples } from '../../../src/examples/index.ts';
import {
  equationsToLatex,
  expressionToLatex,
  models,
  statementsToLatex,
} from '../../../src/index.ts';
import { nameLatex } from '../../../src/language/latex.ts';
import { unitTextLatex } from '../../../src/language/latex-units.ts';

describe('names', () => {
  it.each([
    ['v', 'v'],
    ['tau_m', '\\tau_{\\mathrm{m}}'],
    ['v_rest', 'v_{\\mathrm{rest}}'],
    ['g_Na_max', 'g_{\\mathrm{Na},\\mathrm{max}}'],
    ['x2', 'x_{2}'],
    ['tau1_alpha', '\\tau_{1,\\alpha}'],
    ['Delta_T', '\\Delta_{\\mathrm{T}}'],
    ['ge', '\\mathit{ge}'],
    ['xi_1', '\\xi_{1}'],
    ['v_post', 'v_{\\mathrm{post}}'],
    ['dt', '\\Delta t'],
  ])('%s', (name, latex) => {
    expect(nameLatex(name)).toBe(latex);
  });
});

describe('units', () => {
  it.each([
    ['volt', '\\mathrm{V}'],
    ['mV', '\\mathrm{mV}'],
    ['msiemens/cm2', '\\mathrm{mS}\\,\\mathrm{cm}^{-2}'],
    ['nS/cm**2', '\\mathrm{nS}\\,\\mathrm{cm}^{-2}'],
    ['um3', '\\mathrm{\\mu m}^{3}'],
    ['Mohm', '\\mathrm{M\\Omega}'],
    ['1/second', '\\mathrm{s}^{-1}'],
    ['1', ''],
    ['boolean', ''],
    ['nonsense', ''],
  ])('%s', (unit, latex) => {
    expect(unitTextLatex(unit)).toBe(latex);
  });
});

describe('expressions', () => {
  it.each([
    ['a + b - c', 'a + b - c'],
    ['a - (b - c)', 'a - \\left(b - c\\right)'],
    ['a - (b + c)', 'a - \\left(b + c\\right)'],
    ['a + (b + c)', 'a + b + c'],
    ['a*b/c', '\\frac{a\\,b}{c}'],
    ['a/(b*c)', '\\frac{a}{b\\,c}'],
    ['(a + b)*c', '\\left(a + b\\right)\\,c'],
    ['a*(b + c)', 'a\\,\\left(b + c\\right)'],
    ['-g/tau', '-\\frac{g}{\\tau}'],
    ['a*(-b)', 'a\\,\\left(-b\\right)'],
    ['2*3', '2 \\cdot 3'],
    ['5*mV', '5\\,\\mathrm{mV}'],
    ['-50*mV', '-50\\,\\mathrm{mV}'],
    ['1e-3*x', '0.001\\,x'],
    ['1e-9*x', '10^{-9}\\,x'],
    ['x**2', 'x^{2}'],
    ['v_rest**2', '{v_{\\mathrm{rest}}}^{2}'],
    ['(a + b)**2', '\\left(a + b\\right)^{2}'],
    ['-x**2', '-x^{2}'],
    ['2**-1', '2^{-1}'],
    ['exp((v - V_T)/D)', '\\exp\\left(\\frac{v - V_{\\mathrm{T}}}{D}\\right)'],
    ['sqrt(2/tau)*xi', '\\sqrt{\\frac{2}{\\tau}}\\,\\xi'],
    ['abs(x)', '\\left|x\\right|'],
    ['int(v > 0*mV)', '\\mathbf{1}\\left[v > 0\\,\\mathrm{mV}\\right]'],
    ['a > b and not c', 'a > b \\land \\lnot c'],
    ['(a or b) and c', '\\left(a \\lor b\\right) \\land c'],
    ['clip(x, 0, 1)', '\\mathrm{clip}\\left(x, 0, 1\\right)'],
    ['a // b', '\\left\\lfloor\\frac{a}{b}\\right\\rfloor'],
    ['rand() < p', '\\mathcal{U}_{[0,1)} < p'],
    ['I(t, i)', 'I\\left(t, i\\right)'],
    ['5 ms', '5\\,\\mathrm{ms}'],
    ['a +', ''],
  ])('%s', (text, latex) => {
    expect(expressionToLatex(text)).toBe(latex);
  });
});

test('equations: derivatives are fractions, units and flags are apart, broken lines are left out', () => {
  const lines = equationsToLatex(
    'dv/dt = (E_L - v)/tau_m : volt (unless refractory)\nI = g*(E - v) : amp\nw : mV (constant)\ndx/dt = ) : 1',
  );
  expect(lines.map(({ line, kind, latex, unit }) => [line, kind, latex, unit])).toEqual([
    [
      1,
      'differential',
      '\\frac{\\mathrm{d}v}{\\mathrm{d}t} = \\frac{E_{\\mathrm{L}} - v}{\\tau_{\\mathrm{m}}}',
      '\\mathrm{V}',
    ],
    [2, 'subexpression', 'I = g\\,\\left(E - v\\right)', '\\mathrm{A}'],
    [3, 'parameter', 'w', '\\mathrm{mV}'],
  ]);
  expect(lines[0]?.flags).toEqual(['unless refractory']);
});

test('statements are arrows', () => {
  expect(statementsToLatex('v = v_r; w += b - c\nx -= a - b').map(({ latex }) => latex)).toEqual([
    'v \\leftarrow v_{\\mathrm{r}}',
    'w \\leftarrow w + b - c',
    'x \\leftarrow x - \\left(a - b\\right)',
  ]);
});

test('what is no text is refused', () => {
  expect(() => equationsToLatex(5 as never)).toThrow(TypeError);
  expect(() => statementsToLatex(null as never)).toThrow(TypeError);
  expect(() => expressionToLatex(undefined as never)).toThrow(TypeError);
});

test('temml draws every equation of every model and example without an error', async () => {
  const { default: temml } = await import('temml');
  const texts = [
    ...Object.values(models).map(({ eqs }) => eqs ?? ''),
    ...Object.values(examples)
      .filter(({ needsData }) => !needsData)
      .flatMap(({ build }) => {
        const { populations, projections } = build({}, { seed: 1 });
        return [...populations, ...projections].map((one) => ('eqs' in one ? (one.eqs ?? '') : ''));
      }),
  ];
  const lines = texts.flatMap(equationsToLatex);
  expect(lines.length).toBeGreaterThan(300);
  for (const { latex, unit } of lines) {
    for (const one of [latex, unit]) {
      expect(() => temml.renderToString(one, { throwOnError: true, trust: false })).not.toThrow();
    }
  }
});

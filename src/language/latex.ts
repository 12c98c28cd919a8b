/**
 * Equations as LaTeX, from their syntax tree: derivatives and quotients as fractions, Greek names as letters, what follows
 * an underscore as an index, units upright. Text to text; whether it means anything is decided by check.ts, and who draws
 * it is not known here.
 */
import type { Assignment, BinaryOperator, Equation, Expression, Flag } from './ast.ts';
import { unitLatex, unitTextLatex } from './latex-units.ts';
import { lineAt } from './messages.ts';
import { readEquations, readSingleExpression, readStatements } from './parse.ts';

/** One equation or statement as mathematics. */
export interface LatexLine {
  /** Of the equation; of a statement the name that it changes; '' for a lone expression. */
  readonly name: string;
  readonly kind: Equation['kind'] | 'statement' | 'expression';
  /** "\frac{\mathrm{d}v}{\mathrm{d}t} = …"; of a parameter only its symbol. */
  readonly latex: string;
  /** Its unit as LaTeX, "\mathrm{mV}"; '' for plain numbers and where there is none. */
  readonly unit: string;
  readonly flags: readonly Flag[];
  /** In the text, from 1. */
  readonly line: number;
}

/** Equations as LaTeX, in the order of the text. Lines that cannot be read are left out. Throws TypeError for no text. */
export function equationsToLatex(text: string): LatexLine[] {
  checkText(text, 'equationsToLatex');
  const read = readEquations({ name: 'eqs', text }).result;
  return read.filter(isWhole).map((equation) => ({
    name: equation.name,
    kind: equation.kind,
    latex: equationLatex(equation),
    unit: unitTextLatex(equation.unit),
    flags: equation.flags,
    line: lineAt(text, equation.span.start).line,
  }));
}

const isWhole = ({ kind, expression }: Equation): boolean =>
  kind === 'parameter' || expression !== null;

/** Statements of a reset or pathway as LaTeX. Lines that cannot be read are left out. Throws TypeError for no text. */
export function statementsToLatex(text: string): LatexLine[] {
  checkText(text, 'statementsToLatex');
  return readStatements({ name: 'reset', text }).result.map((statement) => ({
    name: statement.target,
    kind: 'statement',
    latex: statementLatex(statement),
    unit: '',
    flags: [],
    line: lineAt(text, statement.span.start).line,
  }));
}

/** A threshold or other expression as LaTeX; a lone quantity, "5 ms", too. '' where it cannot be read. */
export function expressionToLatex(text: string): string {
  checkText(text, 'expressionToLatex');
  const quantity = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s+([A-Za-z]\w*)\s*$/i.exec(text);
  if (quantity?.[1] !== undefined && quantity[2] !== undefined) {
    const unit = unitTextLatex(quantity[2]);
    if (unit !== '') return `${numberLatex(Number(quantity[1]))}\\,${unit}`;
  }
  const { result, problems } = readSingleExpression({ name: 'expression', text });
  return result === null || problems.length > 0 ? '' : latexOf(result);
}

function checkText(text: unknown, where: string): void {
  if (typeof text !== 'string') throw new TypeError(`${where}: the text must be a string.`);
}

function equationLatex({ kind, name, expression }: Equation): string {
  const symbol = nameLatex(name);
  if (expression === null) return symbol;
  const left = kind === 'differential' ? `\\frac{\\mathrm{d}${symbol}}{\\mathrm{d}t}` : symbol;
  return `${left} = ${latexOf(expression)}`;
}

function statementLatex({ target, operator, value }: Assignment): string {
  const symbol = nameLatex(target);
  const right = latexOf(value);
  if (operator === '=') return `${symbol} \\leftarrow ${right}`;
  const ways: Readonly<Record<string, string>> = {
    '+=': `${symbol} \\leftarrow ${symbol} + ${latexAt(value, LEVEL.sum)}`,
    '-=': `${symbol} \\leftarrow ${symbol} - ${latexAt(value, LEVEL.product)}`,
    '*=': `${symbol} \\leftarrow ${symbol}\\,${latexAt(value, LEVEL.factor)}`,
    '/=': `${symbol} \\leftarrow \\frac{${symbol}}{${right}}`,
    '**=': `${symbol} \\leftarrow ${symbol}^{${right}}`,
    '%=': `${symbol} \\leftarrow ${symbol} \\bmod ${latexAt(value, LEVEL.factor)}`,
    '//=': `${symbol} \\leftarrow \\left\\lfloor\\frac{${symbol}}{${right}}\\right\\rfloor`,
  };
  return ways[operator] ?? '';
}

// ---- Names ----

const GREEK = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega ' +
    'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'
  ).split(' '),
);

const SPECIAL: Readonly<Record<string, string>> = {
  dt: '\\Delta t',
  inf: '\\infty',
  e: '\\mathrm{e}',
  lastspike: 't_{\\mathrm{spike}}',
  lastupdate: 't_{\\mathrm{update}}',
  t_in_timesteps: '\\tfrac{t}{\\Delta t}',
};

/** A name as LaTeX: tau_m is a Greek letter with an index, v2 has an index too, longer words are upright. */
export function nameLatex(name: string): string {
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  if (special !== undefined) return special;
  const [stem = '', ...indices] = name.split('_').filter((part) => part !== '');
  const [, letters = stem, digits = ''] = /^([A-Za-z]+)(\d+)$/.exec(stem) ?? [];
  const all = [...(digits === '' ? [] : [digits]), ...indices].map(indexLatex);
  const base = GREEK.has(letters)
    ? `\\${letters}`
    : letters.length === 1
      ? letters
      : `\\mathit{${letters}}`;
  return all.length === 0 ? base : `${base}_{${all.join(',')}}`;
}

function indexLatex(part: string): string {
  if (/^\d+$/.test(part)) return part;
  return GREEK.has(part) ? `\\${part}` : `\\mathrm{${part}}`;
}

// ---- Numbers ----

function numberLatex(value: number): string {
  const [, digits = '', exponent = ''] = /^(.*?)(?:e([-+]?\d+))?$/.exec(String(value)) ?? [];
  if (exponent === '') return digits;
  const power = `10^{${exponent.replace('+', '')}}`;
  return digits === '1' ? power : `${digits}\\times ${power}`;
}

// ---- Expressions ----

/** How tightly a part holds together: what stands at a tighter place gets parentheses. */
const LEVEL = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  product: 6,
  factor: 7,
  base: 8,
} as const;

const OPERATORS: Readonly<Partial<Record<BinaryOperator, { latex: string; level: number }>>> = {
  or: { latex: '\\lor', level: LEVEL.or },
  and: { latex: '\\land', level: LEVEL.and },
  '==': { latex: '=', level: LEVEL.compare },
  '!=': { latex: '\\neq', level: LEVEL.compare },
  '<': { latex: '<', level: LEVEL.compare },
  '<=': { latex: '\\leq', level: LEVEL.compare },
  '>': { latex: '>', level: LEVEL.compare },
  '>=': { latex: '\\geq', level: LEVEL.compare },
  '+': { latex: '+', level: LEVEL.sum },
  '-': { latex: '-', level: LEVEL.sum },
  '%': { latex: '\\bmod', level: LEVEL.product },
};

/** An expression as LaTeX. */
export const latexOf = (expression: Expression): string => latexAt(expression, 0);

function latexAt(expression: Expression, level: number): string {
  const { latex, level: own } = render(expression);
  return own < level ? `\\left(${latex}\\right)` : latex;
}

interface Rendered {
  readonly latex: string;
  readonly level: number;
}

function render(expression: Expression): Rendered {
  switch (expression.kind) {
    case 'number': {
      const latex = numberLatex(expression.value);
      return { latex, level: latex.includes('times') ? LEVEL.product : LEVEL.base };
    }
    case 'boolean':
      return { latex: `\\mathrm{${expression.value ? 'true' : 'false'}}`, level: LEVEL.base };
    case 'name': {
      const unit = unitLatex(expression.name);
      return { latex: unit === '' ? nameLatex(expression.name) : unit, level: LEVEL.base };
    }
    case 'unary':
      return renderUnary(expression);
    case 'binary':
      return renderBinary(expression);
    case 'call':
      return renderCall(expression.name, expression.arguments);
  }
}

function renderUnary({ operator, operand }: Extract<Expression, { kind: 'unary' }>): Rendered {
  if (operator === 'not')
    return { latex: `\\lnot ${latexAt(operand, LEVEL.not)}`, level: LEVEL.not };
  if (operator === '+') return render(operand);
  return { latex: `-${latexAt(operand, LEVEL.product)}`, level: LEVEL.sum };
}

function renderBinary(expression: Extract<Expression, { kind: 'binary' }>): Rendered {
  const { operator, left, right } = expression;
  switch (operator) {
    case '*':
      return renderProduct(left, right);
    case '/':
      return renderQuotient(left, right);
    case '//':
      return {
        latex: `\\left\\lfloor\\frac{${latexOf(left)}}{${latexOf(right)}}\\right\\rfloor`,
        level: LEVEL.base,
      };
    case '**':
      return { latex: `${powerBase(left)}^{${latexOf(right)}}`, level: LEVEL.factor };
    default: {
      const { latex, level } = OPERATORS[operator] ?? { latex: operator, level: LEVEL.sum };
      const behind = operator === '+' && !startsWithMinus(right) ? level : level + 1;
      return { latex: `${latexAt(left, level)} ${latex} ${latexAt(right, behind)}`, level };
    }
  }
}

/** The base of a power: letters and numbers stand alone, all else is in parentheses. */
function powerBase(base: Expression): string {
  if (base.kind === 'name' && unitLatex(base.name) === '' && nameLatex(base.name).includes('_')) {
    return `{${nameLatex(base.name)}}`;
  }
  const { latex } = render(base);
  return base.kind === 'name' || (base.kind === 'number' && !latex.includes('times'))
    ? latex
    : `\\left(${latex}\\right)`;
}

function renderProduct(left: Expression, right: Expression): Rendered {
  // -a*b is -(a b) to the eye.
  if (left.kind === 'unary' && left.operator === '-') {
    const { latex } = renderProduct(left.operand, right);
    return { latex: `-${latex}`, level: LEVEL.sum };
  }
  const a = latexAt(left, LEVEL.product);
  const b = latexAt(right, LEVEL.factor);
  // Two numbers side by side would be one.
  const joint = /^[\d.]/.test(b) ? ' \\cdot ' : '\\,';
  return { latex: `${a}${joint}${b}`, level: LEVEL.product };
}

function renderQuotient(left: Expression, right: Expression): Rendered {
  if (left.kind === 'unary' && left.operator === '-') {
    const { latex } = renderQuotient(left.operand, right);
    return { latex: `-${latex}`, level: LEVEL.sum };
  }
  return { latex: `\\frac{${latexOf(left)}}{${latexOf(right)}}`, level: LEVEL.factor };
}

const startsWithMinus = (expression: Expression): boolean =>
  render(expression).latex.startsWith('-');

// ---- Functions ----

/** Functions with a command of their own. */
const COMMANDS: Readonly<Record<string, string>> = {
  exp: '\\exp',
  log: '\\ln',
  log10: '\\log_{10}',
  sin: '\\sin',
  cos: '\\cos',
  tan: '\\tan',
  sinh: '\\sinh',
  cosh: '\\cosh',
  tanh: '\\tanh',
  arcsin: '\\arcsin',
  arccos: '\\arccos',
  arctan: '\\arctan',
};

function renderCall(name: string, values: readonly Expression[]): Rendered {
  const [first] = values;
  const level = LEVEL.base;
  if (name === 'rand' && values.length === 0) return { latex: '\\mathcal{U}_{[0,1)}', level };
  if (name === 'randn' && values.length === 0) return { latex: '\\mathcal{N}_{0,1}', level };
  if (values.length === 1 && first !== undefined) {
    const inside = latexOf(first);
    if (name === 'sqrt') return { latex: `\\sqrt{${inside}}`, level };
    if (name === 'abs') return { latex: `\\left|${inside}\\right|`, level };
    if (name === 'floor') return { latex: `\\left\\lfloor ${inside}\\right\\rfloor`, level };
    if (name === 'ceil') return { latex: `\\left\\lceil ${inside}\\right\\rceil`, level };
    if (name === 'expm1') return { latex: `\\exp\\left(${inside}\\right) - 1`, level: LEVEL.sum };
    if (name === 'int' && isCondition(first)) {
      return { latex: `\\mathbf{1}\\left[${inside}\\right]`, level };
    }
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const head = command ?? (/^[A-Za-z]{2,}$/.test(name) ? `\\mathrm{${name}}` : nameLatex(name));
  return { latex: `${head}\\left(${values.map(latexOf).join(', ')}\\right)`, level };
}

const isCondition = (expression: Expression): boolean =>
  (expression.kind === 'binary' &&
    ['==', '!=', '<', '<=', '>', '>=', 'and', 'or'].includes(expression.operator)) ||
  (expression.kind === 'unary' && expression.operator === 'not') ||
  (expression.kind === 'name' && expression.name === 'not_refractory');

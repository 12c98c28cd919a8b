/**
 * What the language made of a model, for people: the integrator and its reason, the constants, and the statements of
 * every role as readable lines. Used by `wetware check --verbose`; nothing parses its output.
 */
import type { CheckedPopulation } from './ast.ts';
import type { BinaryOperation, Statement, UnaryOperation, Value } from './kernel.ts';
import type { LoweredPopulation } from './lower.ts';
import type { LoweredClocked } from './lower-clocked.ts';
import type { LoweredPathway, LoweredSummed } from './lower-projection.ts';
import { isHiddenName } from './presynaptic.ts';

const BINARY: Readonly<Partial<Record<BinaryOperation, { symbol: string; level: number }>>> = {
  or: { symbol: 'or', level: 1 },
  and: { symbol: 'and', level: 2 },
  eq: { symbol: '==', level: 3 },
  ne: { symbol: '!=', level: 3 },
  lt: { symbol: '<', level: 3 },
  le: { symbol: '<=', level: 3 },
  gt: { symbol: '>', level: 3 },
  ge: { symbol: '>=', level: 3 },
  add: { symbol: '+', level: 4 },
  sub: { symbol: '-', level: 4 },
  mul: { symbol: '*', level: 5 },
  div: { symbol: '/', level: 5 },
};

const UNARY: Readonly<Partial<Record<UnaryOperation, string>>> = { to_f32: 'float', to_i32: 'int' };

/** A value as one line of text. */
export function describeValue(value: Value): string {
  return describeAt(value, 0);
}

/** The value in parentheses where its operator binds weaker than `level`. */
function describeAt(value: Value, level: number): string {
  switch (value.op) {
    case 'literal':
      return String(value.value);
    case 'get':
      return value.place.side === 'own' || value.place.side === 'synapse'
        ? value.place.name
        : `${value.place.name}_${value.place.side}`;
    case 'local':
    case 'constant':
    case 'special':
      return value.name;
    case 'unary':
      return describeUnary(value);
    case 'binary':
      return describeBinary(value, level);
    case 'select':
      return `select(${[value.condition, value.a, value.b].map(describeValue).join(', ')})`;
    case 'call':
      return `${value.name}(${value.arguments.map(describeValue).join(', ')})`;
    case 'draw':
      return `${value.kind}(draw ${value.slot})`;
    case 'binomial':
      return `binomial(draw ${value.slot}, table ${value.table})`;
    case 'table':
      return describeTable(value);
    case 'arrived':
      return `arrived(${value.input})`;
    case 'gather':
      return `field${value.slot}(${describeValue(value.index)})`;
  }
}

function describeTable(value: Extract<Value, { op: 'table' }>): string {
  const moment = value.halfSteps === 0 ? 'step' : `step + ${value.halfSteps}/2`;
  const column = value.column === null ? '' : `, ${describeValue(value.column)}`;
  return `table${value.table}(${moment}${column})`;
}

function describeUnary(value: Extract<Value, { op: 'unary' }>): string {
  if (value.operation === 'neg') return `-${describeAt(value.a, 6)}`;
  if (value.operation === 'not') return `not ${describeAt(value.a, 6)}`;
  return `${UNARY[value.operation] ?? value.operation}(${describeValue(value.a)})`;
}

function describeBinary(value: Extract<Value, { op: 'binary' }>, level: number): string {
  const operator = BINARY[value.operation];
  if (operator === undefined) {
    return `${value.operation}(${describeValue(value.a)}, ${describeValue(value.b)})`;
  }
  const left = describeAt(value.a, operator.level);
  const right = describeAt(value.b, operator.level + 1);
  const text = `${left} ${operator.symbol} ${right}`;
  return operator.level < level ? `(${text})` : text;
}

/** Statements, one per line, in the order in which they run. */
export function describeStatements(statements: readonly Statement[], indent = ''): string {
  return statements.map((statement) => describeStatement(statement, indent)).join('\n');
}

function describeStatement(statement: Statement, indent: string): string {
  switch (statement.kind) {
    case 'comment':
      return `${indent}# ${statement.text}`;
    case 'let':
      return `${indent}let ${statement.name} = ${describeValue(statement.value)}`;
    case 'set': {
      const target: Value = { op: 'get', type: 'f32', place: statement.place };
      return `${indent}${describeValue(target)} = ${describeValue(statement.value)}`;
    }
    case 'add':
      return `${indent}input ${statement.input} += ${describeValue(statement.value)}`;
    case 'if': {
      const inner = describeStatements(statement.body, `${indent}  `);
      return `${indent}if ${describeValue(statement.condition)}:\n${inner}`;
    }
  }
}

function section(title: string, text: string): string {
  return text === '' ? '' : `${title}\n${text}\n`;
}

function describeConstants(constants: LoweredPopulation['constants']): string {
  return constants.names
    .map((name, k) => {
      const formula = constants.formulas[k] as string;
      return `  ${name}${formula === name ? '' : ` = ${formula}`}`;
    })
    .join('\n');
}

type SlowReport = NonNullable<LoweredPopulation['slow']>;

function describeSlow({ method, reason, steps, acceleration }: SlowReport): string {
  const pace = acceleration === 1 ? '' : `, their time runs ${acceleration} times as fast`;
  return `Slow equations: every ${steps} steps${pace}, by ${method} (${reason})\n`;
}

/**
 * A population explained: variables with units, the integrator and why, what the host computes, and what happens in
 * each part of a step.
 */
export function explain(model: CheckedPopulation, lowered: LoweredPopulation): string {
  const units = new Map(model.variables.map((v) => [v.name, v.unit]));
  const variables = lowered.variables.map(({ name, type }, k) => {
    const unit =
      units.get(name) ??
      (name === 'lastspike' ? 'step' : isHiddenName(name) ? 'kept for synapses' : 'flag');
    const offset = lowered.offsets[k] ?? -1;
    const note = offset < 0 ? '' : `, stored relative to ${lowered.constants.names[offset]}`;
    return `  ${name} : ${unit} (${type}${note})`;
  });
  const warnings = [...model.warnings, ...lowered.report.warnings];
  return [
    `Method: ${lowered.report.method} (${lowered.report.reason})\n`,
    lowered.slow === null ? '' : describeSlow(lowered.slow),
    section('Stored per neuron:', variables.join('\n')),
    section('Computed on the host:', describeConstants(lowered.constants)),
    section('Start of a step:', describeStatements(lowered.begin, '  ')),
    section('State update:', describeStatements(lowered.advance, '  ')),
    lowered.spiked === null ? '' : `Spikes when:\n  ${describeValue(lowered.spiked)}\n`,
    section('At a spike:', describeStatements(lowered.onSpike, '  ')),
    section('After the spike test:', describeStatements(lowered.late, '  ')),
    section('Warnings:', warnings.map((warning) => `  ${warning}`).join('\n')),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A pathway explained: when it runs, what it needs, its statements. */
export function explainPathway(name: string, lowered: LoweredPathway): string {
  const why =
    lowered.mode === 'scatter'
      ? lowered.preVariables.some(({ name }) => isHiddenName(name))
        ? 'added when the spike is emitted, with what the source neuron keeps for it'
        : 'added when the spike is emitted, because nothing it reads can change'
      : 'run when the spike arrives, because it reads or writes values that change';
  return [
    `Pathway ${name} (${lowered.trigger}synaptic spikes): ${why}.\n`,
    section('Computed on the host:', describeConstants(lowered.constants)),
    section('Statements:', describeStatements(lowered.body, '  ')),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Clock-driven equations explained: how often and by what they are integrated, and the statements. */
export function explainClocked(lowered: LoweredClocked): string {
  const { every, acceleration, report } = lowered;
  const when = every === 1 ? 'in every step' : `every ${every} steps`;
  const pace = acceleration === 1 ? '' : `, their time runs ${acceleration} times as fast`;
  return [
    `Equations of every synapse, ${when}${pace}, by ${report.method} (${report.reason}).\n`,
    section('Computed on the host:', describeConstants(lowered.constants)),
    section('Statements:', describeStatements(lowered.body, '  ')),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A summed variable explained: what is added up for each target neuron, in every step. */
export function explainSum(lowered: LoweredSummed): string {
  const value: Statement = { kind: 'comment', text: `sum of ${describeValue(lowered.value)}` };
  return [
    `Sum into ${lowered.target}, over the synapses of each target neuron, in every step.\n`,
    section('Computed on the host:', describeConstants(lowered.constants)),
    section('Statements:', describeStatements([...lowered.body, value], '  ')),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

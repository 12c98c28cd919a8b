/**
 * Why a population or projection cannot be a NIR graph: what its equations have that NIR has no word for. Called where
 * recognising has failed; decides nothing.
 */
import type { Equation, Expression } from '../../language/ast.ts';
import { listNames } from '../../language/messages.ts';
import { parseEquations } from '../../language/parse.ts';
import { DIMENSIONS, parseUnit, sameDimension } from '../../language/units.ts';
import type { NeuronPopulationDocument, ProjectionDocument } from '../../network/document.ts';

/** What is in the way of a population, each as a part of a sentence; empty where nothing stands out. */
export function obstaclesOfNeurons(population: NeuronPopulationDocument): string[] {
  const equations = equationsOf(population.eqs);
  const named = (flag: Equation['flags'][number]): string =>
    listNames(equations.filter(({ flags }) => flags.includes(flag)).map(({ name }) => name));
  const [linked, slow] = [named('linked'), named('slow')];
  const compartments = coupledVoltages(equations);
  const curved = curvedFunctions(equations);
  return [
    ...(linked === ''
      ? []
      : [`${linked} read${linked.includes(',') ? '' : 's'} a field, and NIR has no space`]),
    ...(slow === '' ? [] : [`${slow}: slow equations, and NIR has one clock`]),
    ...(compartments.length === 0
      ? []
      : [`several compartments (${listNames(compartments)}), and NIR has none`]),
    ...(curved.length === 0
      ? []
      : [`equations that are not linear (${listNames(curved)}), and NIR has linear neurons only`]),
    ...(population.onStep === undefined
      ? []
      : ['statements of every step (onStep), and NIR has none']),
    ...(population.refractory === undefined ? [] : ['a refractory period, and NIR has none']),
  ];
}

/** What is in the way of a projection; empty where nothing stands out. */
export function obstaclesOfSynapses({ eqs, onPost }: ProjectionDocument): string[] {
  const equations = eqs === undefined ? [] : equationsOf(eqs);
  const changing = equations.filter(
    ({ kind, flags }) => kind === 'differential' || flags.includes('presynaptic'),
  );
  const summed = equations.filter(({ flags }) => flags.includes('summed'));
  return [
    ...(changing.length === 0
      ? []
      : [
          `${listNames(changing.map(({ name }) => name))} change with time or spikes (short-term plasticity, learning)`,
        ]),
    ...(summed.length === 0 ? [] : ['it couples without spikes (a summed variable)']),
    ...(onPost === undefined ? [] : ['it learns from spikes of its target (onPost)']),
  ];
}

/** Equations of a valid text. */
function equationsOf(eqs: string): readonly Equation[] {
  return parseEquations({ name: 'eqs', text: eqs });
}

const isVoltage = (unit: string): boolean =>
  !['1', 'integer', 'boolean'].includes(unit) &&
  sameDimension(parseUnit(unit).dimension, DIMENSIONS.voltage);

/** Voltages with equations of their own whose difference drives one of them: compartments joined by a conductance. */
function coupledVoltages(equations: readonly Equation[]): string[] {
  const voltages = new Set(
    equations
      .filter(({ kind, unit }) => kind === 'differential' && isVoltage(unit))
      .map(({ name }) => name),
  );
  const found = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'unary') visit(expression.operand);
    else if (expression.kind === 'call') expression.arguments.forEach(visit);
    else if (expression.kind === 'binary') {
      const { operator, left, right } = expression;
      visit(left);
      visit(right);
      if (operator !== '-' || left.kind !== 'name' || right.kind !== 'name') return;
      if (!voltages.has(left.name) || !voltages.has(right.name)) return;
      found.add(left.name).add(right.name);
    }
  };
  for (const { expression } of equations) if (expression !== null) visit(expression);
  return [...found].sort();
}

/** Functions and powers in equations, by name; those of numbers alone are constants. */
function curvedFunctions(equations: readonly Equation[]): string[] {
  const found = new Set<string>();
  const visit = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'name':
        return true;
      case 'unary':
        return visit(expression.operand);
      case 'binary': {
        const left = visit(expression.left);
        const right = visit(expression.right);
        if (expression.operator === '**' && (left || right)) found.add('**');
        return left || right;
      }
      case 'call': {
        const reads = expression.arguments.map(visit).some(Boolean);
        if (reads) found.add(expression.name);
        return reads;
      }
      default:
        return false;
    }
  };
  for (const { expression } of equations) if (expression !== null) visit(expression);
  return [...found];
}

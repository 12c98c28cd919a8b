/** Chemistry has units: a current added to any concentration, or a concentration to any current, of any model is refused. */
import { describe, expect, it } from 'vitest';
import {
  compileNetwork,
  type Model,
  models,
  Network,
  NetworkError,
  type NeuronModel,
} from '../../../src/index.ts';
import { parseEquations } from '../../../src/language/parse.ts';
import { DIMENSIONS, parseUnit, sameDimension } from '../../../src/language/units.ts';

const CONCENTRATION = parseUnit('mM').dimension;

const isNeuron = (model: Model): model is NeuronModel => model.kind === 'neuron';

/** The model's text with `extra` added to the right side of equation number k. */
function spoilt(eqs: string, k: number, extra: string): string {
  const equation = parseEquations({ name: 'eqs', text: eqs })[k];
  const span = equation?.expression?.span;
  if (span === undefined) throw new Error('an equation without a right side');
  return `${eqs.slice(0, span.start)}(${eqs.slice(span.start, span.end)}) + ${extra}${eqs.slice(span.end)}`;
}

const cases = Object.values<Model>(models)
  .filter(isNeuron)
  .flatMap((model) =>
    parseEquations({ name: 'eqs', text: model.eqs }).flatMap((equation, k) => {
      if (equation.expression === null) return [];
      const { dimension } = parseUnit(
        /^(integer|boolean)$/.test(equation.unit) ? '1' : equation.unit,
      );
      const isConcentration = sameDimension(dimension, CONCENTRATION);
      const isCurrent = sameDimension(dimension, DIMENSIONS.current);
      if (!isConcentration && !isCurrent) return [];
      const extra = isConcentration ? '1*pA' : '1*uM';
      return [{ model, k, variable: equation.name, extra }];
    }),
  );

describe('every equation of a concentration or a current in the library', () => {
  it('is there', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  it.each(cases)('$model.name, $variable: + $extra is refused', ({ model, k, extra }) => {
    const make = () => {
      const net = new Network();
      const options = model.with();
      net.population('P', 1, { ...options, eqs: spoilt(options.eqs, k, extra) });
      compileNetwork(net.document);
    };
    expect(make).toThrow(NetworkError);
    expect(make).toThrow(/unit|cannot add|dimension|\^/);
  });
});

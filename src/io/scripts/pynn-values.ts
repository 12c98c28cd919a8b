/** First values, weights and delays in PyNN's units, and connection rules as PyNN's connectors. */
import type { TypedExpression } from '../../language/ast.ts';
import { compileHost } from '../../language/host.ts';
import { type Dimension, parseQuantity, parseUnit } from '../../language/units.ts';
import type { ProjectionDocument, Quantity, ValueSpec } from '../../network/document.ts';
import type { Values } from './pynn-cells.ts';
import { pythonList, pythonNumber, refuseToWrite } from './python-text.ts';

const TARGET = 'PyNN';

const short = (value: number): string => pythonNumber(Number(value.toPrecision(12)));

const distribution = (name: string, ...numbers: readonly number[]): string =>
  `RandomDistribution('${name}', (${numbers.map(short).join(', ')}), rng=rng)`;

/** A quantity, list or distribution; `factor`: PyNN's units in one internal unit. */
export function pynnSpec(
  spec: ValueSpec,
  dimension: Dimension,
  factor: number,
  where: string,
): string {
  const number = (quantity: Quantity): number =>
    parseQuantity(quantity, where, dimension).value * factor;
  if (typeof spec === 'number' || typeof spec === 'string') {
    const isNumber = typeof spec === 'number' && spec === 0;
    return short(isNumber ? 0 : number(spec));
  }
  if ('values' in spec) {
    const scale = parseUnit(spec.unit).factor * factor;
    const values = Float64Array.from(spec.values, (value) =>
      Number((value * scale).toPrecision(12)),
    );
    return pythonList(values, '    ');
  }
  if ('uniform' in spec) {
    const [a, b] = [number(spec.uniform.min), number(spec.uniform.max)];
    return distribution('uniform', Math.min(a, b), Math.max(a, b));
  }
  const isWhole = !('normal' in spec) || spec.normal.outside !== 'clip';
  if ('normal' in spec && isWhole) {
    const { mean, sd, min, max } = spec.normal;
    if (min === undefined && max === undefined) {
      return distribution('normal', number(mean), Math.abs(number(sd)));
    }
    const ends = [
      min === undefined ? Number.NEGATIVE_INFINITY : number(min),
      max === undefined ? Number.POSITIVE_INFINITY : number(max),
    ].sort((a, b) => a - b);
    return distribution('normal_clipped', number(mean), Math.abs(number(sd)), ...ends);
  }
  return refuseToWrite(
    TARGET,
    where,
    `${Object.keys(spec)[0]} values of this kind are not written`,
  );
}

export interface Drawing {
  readonly count: number;
  readonly values: Values;
  readonly dtMs: number;
  readonly factor: number;
  readonly where: string;
}

/** An expression of parameters and one draw, as a distribution; or of the neuron's number, as a list. */
export function drawnValue(expression: TypedExpression, drawing: Drawing): string {
  const { count, values, dtMs, factor, where } = drawing;
  let draws = '';
  const evaluate = (element: number, draw: number): number =>
    factor *
    compileHost(expression)({
      symbol(symbol) {
        if (symbol.role === 'special' && symbol.name === 'i') return element;
        if (symbol.role === 'special' && symbol.name === 'dt') return dtMs;
        const value = values[symbol.name];
        if (value !== undefined) return value;
        return refuseToWrite(TARGET, where, `it reads ${symbol.name}`);
      },
      uniform(slot) {
        draws += `u${slot}`;
        return draw;
      },
      normal(slot) {
        draws += `n${slot}`;
        return draw;
      },
      table: () => refuseToWrite(TARGET, where, 'it reads a timed array'),
      cache: new Map(),
    });
  const [first, last] = [evaluate(0, 0), evaluate(0, 1)];
  if (draws === '') {
    const all = Float64Array.from({ length: count }, (_, k) =>
      Number(evaluate(k, 0).toPrecision(12)),
    );
    return all.every((value) => value === all[0]) ? short(all[0] ?? 0) : pythonList(all, '    ');
  }
  const isLinear =
    Math.abs(evaluate(0, 0.25) - (first + 0.25 * (last - first))) <=
    1e-9 * (Math.abs(first) + Math.abs(last));
  const isSame = evaluate(count - 1, 0) === first && evaluate(count - 1, 1) === last;
  const isOne = /^(u\d+)\1*$|^(n\d+)\2*$/.test(draws);
  if (!isLinear || !isSame || !isOne) {
    refuseToWrite(TARGET, where, 'it is not one uniform or normal number, scaled');
  }
  return draws.startsWith('u')
    ? distribution('uniform', Math.min(first, last), Math.max(first, last))
    : distribution('normal', first, Math.abs(last - first));
}

/** A connection rule. `note`: where PyNN's connector makes something else. */
export function pynnConnector(
  { connect: rule, source, target, name }: ProjectionDocument,
  where: string,
): { text: string; note: string | null } {
  const isSame = source.population === target.population;
  const isWhole = [source, target].every(({ from, to }) => from === undefined && to === undefined);
  const keepsOut = 'autapses' in rule && rule.autapses === false && isSame;
  const note =
    keepsOut && !isWhole
      ? `projection "${name}": PyNN cannot keep neurons of a part from themselves; they may have such synapses there.`
      : null;
  const self = `allow_self_connections=${keepsOut ? 'False' : 'True'}`;
  const made = (text: string): { text: string; note: string | null } => ({
    text: `sim.${text}`,
    note,
  });
  switch (rule.rule) {
    case 'all-to-all':
      return made(`AllToAllConnector(${self})`);
    case 'one-to-one':
      return made('OneToOneConnector()');
    case 'fixed-probability':
      return made(`FixedProbabilityConnector(p_connect=${pythonNumber(rule.p)}, ${self}, rng=rng)`);
    case 'fixed-in-degree':
    case 'fixed-out-degree': {
      const end = rule.rule === 'fixed-in-degree' ? 'Pre' : 'Post';
      const again = rule.multapses === false ? 'False' : 'True';
      return made(
        `FixedNumber${end}Connector(n=${rule.k}, with_replacement=${again}, ${self}, rng=rng)`,
      );
    }
    case 'fixed-total-number': {
      const again = rule.multapses === false ? 'False' : 'True';
      return made(
        `FixedTotalNumberConnector(n=${rule.n}, with_replacement=${again}, ${self}, rng=rng)`,
      );
    }
    case 'list': {
      const pairs = Array.from(rule.pre, (pre, k) => `(${pre}, ${rule.post[k]})`);
      if (pairs.length > 1_000_000) refuseToWrite(TARGET, where, 'its list of pairs is too long');
      const lines: string[] = [];
      for (let k = 0; k < pairs.length; k += 10) lines.push(pairs.slice(k, k + 10).join(', '));
      return made(`FromListConnector([${lines.join(',\n    ')}])`);
    }
    default:
      return refuseToWrite(TARGET, where, `it has no connector for the rule "${rule.rule}"`);
  }
}

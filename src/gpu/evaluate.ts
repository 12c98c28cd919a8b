/**
 * The shader that evaluates one IR value over argument triples: places own.0, own.1 and own.2 are the arguments, step
 * and index are the triple's number, the key of draws is (42, 7). For the start-up probe and for the tests of the emitter.
 */
import { type WgslArithmetic, WgslEmitter, type WgslTimedArray } from '../language/emit-wgsl.ts';
import type { Place, Scalar, Statement, Value } from '../language/kernel.ts';
import { loadShader, reservedWords, type Shader } from './shaders.ts';

export interface EvaluateOptions {
  /** Default ordered. */
  readonly arithmetic?: WgslArithmetic;
  /** Statements before the value. */
  readonly body?: readonly Statement[];
  /** Types of the arguments; default f32. */
  readonly types?: readonly Scalar[];
  readonly timedArrays?: readonly WgslTimedArray[];
}

/** The place of argument 0, 1 or 2. */
export const argument = (index: 0 | 1 | 2): Place => ({
  side: 'own',
  index,
  name: 'first second third'.split(' ')[index] ?? '',
});

/** The value's bit pattern goes to `results`; booleans as 0 or 1. */
export function evaluateShader(value: Value, options: EvaluateOptions = {}): Shader {
  const refuse = (): never => {
    throw new Error('internal: only arguments, draws and tables can be evaluated alone');
  };
  const emitter = new WgslEmitter({
    place: ({ index, name }) =>
      options.types?.[index] === 'i32' ? `bitcast<i32>(${name})` : `bitcast<f32>(${name})`,
    constant: refuse,
    special: (name) => (name === 'time' ? refuse() : 'i32(triple)'),
    draws: (group) => `philox(triple, triple, ${group}u, 42u, 7u)`,
    timedArray: (index) => options.timedArrays?.[index] ?? refuse(),
    binomialTable: (index) => `${index}u`,
    arrived: refuse,
    add: (_, amount) => `results[triple] = bitcast<u32>(quantise(${amount}, 1024.0));`,
    reserved: reservedWords('evaluate'),
    arithmetic: options.arithmetic ?? 'ordered',
  });
  const scope = new Set<number>();
  const statements = [emitter.statements(options.body ?? [], '  ', scope)];
  const { before, expressions } = emitter.expressions([value], '  ', scope);
  const [expression = ''] = expressions;
  const bits =
    value.type === 'bool' ? `select(0u, 1u, ${expression})` : `bitcast<u32>(${expression})`;
  statements.push(...before, `  results[triple] = ${bits};`);
  return loadShader('evaluate', {
    flags: {},
    inserts: { declarations: emitter.functions(), statements: statements.join('\n') },
  });
}

/**
 * Watches state for NaN and infinity inside an update function, for as little as possible: NaN stays in a sum, and
 * infinity stays or becomes NaN. Only when the sum over all neurons and variables is not finite is it looked for who it
 * was.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Context, Position } from './context.ts';
import { NONE } from './layout.ts';
import { VECTOR_BYTES } from './touched.ts';

export interface HealthParts {
  readonly context: Context;
  readonly owner: WasmFunction;
  /** The state variables to watch, at least one: locals, and addresses of the variables. */
  readonly variables: readonly WatchedVariable[];
  readonly position: Position;
  /** Locals: the step, neurons of the population, number of its first neuron. */
  readonly step: number;
  readonly count: number;
  readonly global: number;
  /** Sets a local to the byte offset of the first of the neurons. */
  readonly findFirst: (local: number) => void;
  /** Local with the byte offset behind the last one. */
  readonly last: number;
}

/** A state variable: its local, its address, and whether it changes at spikes only and is not loaded otherwise. */
export interface WatchedVariable {
  readonly local: number;
  readonly address: number;
  readonly isAtSpikes: boolean;
}

/** The check of one step of some neurons. */
export interface HealthCheck {
  /** After a step of the current neurons. */
  each(): void;
  /** After a spike of some of them: looks at what changes at spikes only. */
  atSpike(): void;
  /** When the state of all has been stored: reports what was found. */
  close(): void;
}

/** What is reported when the sum was too large, or when a neuron that only fills a vector is ill: after any real step. */
const NO_STEP = NONE - 1;

export function createCheck(parts: HealthParts): HealthCheck {
  const { context, owner, variables } = parts;
  const { code } = owner;
  const shape = context.isDouble ? 'f64' : 'f32x4';
  const sum = owner.local(context.isDouble ? 'f64' : 'v128', 'health');
  const addUp = (watched: readonly WatchedVariable[]): void => {
    if (watched.length === 0) return;
    for (const [position, { local }] of watched.entries()) {
      code.get(local);
      if (position > 0) code.named(`${shape}.add`);
    }
    code.get(sum).named(`${shape}.add`).set(sum);
  };
  return {
    each: () => addUp(variables.filter(({ isAtSpikes }) => !isAtSpikes)),
    atSpike: () => addUp(variables.filter(({ isAtSpikes }) => isAtSpikes)),
    close: () => {
      pushIsIll(context, code, () => code.get(sum));
      code.if(() => {
        code.i32(0).i32(NO_STEP).i32(NONE).call(context.fault);
        reportIll(parts);
      });
    },
  };
}

/** Pushes whether a float, or any of four, is not finite: x - x is 0 exactly when x is. */
function pushIsIll({ isDouble }: Context, code: Code, push: () => void): void {
  const shape = isDouble ? 'f64' : 'f32x4';
  const difference = (): void => {
    push();
    push();
    code.named(`${shape}.sub`);
  };
  difference();
  difference();
  code.named(`${shape}.ne`);
  if (!isDouble) code.op('v128.any_true');
}

/** Reports every neuron with a variable that is not finite; the report keeps the first one. */
function reportIll(parts: HealthParts): void {
  const { context, owner, variables, step, global, last, position } = parts;
  const { code } = owner;
  const { isDouble } = context;
  const { cursor } = position;
  const value = owner.local(isDouble ? 'f64' : 'v128', 'value');
  const report = (lane: number): void => {
    code.i32(0).get(step).get(global);
    position.pushNeuron(code).op('i32.add').i32(lane).op('i32.add').call(context.fault);
  };
  parts.findFirst(cursor);
  code.loop(() => {
    for (const { address } of variables) {
      code
        .get(cursor)
        .op(isDouble ? 'f64.load' : 'v128.load', address)
        .set(value);
      pushIsIll(context, code, () => code.get(value));
      if (isDouble) code.if(() => report(0));
      else code.if(() => reportLanes(parts, value, report));
    }
    code
      .get(cursor)
      .i32(isDouble ? 8 : VECTOR_BYTES)
      .op('i32.add')
      .tee(cursor);
    code.get(last).op('i32.lt_u');
  });
}

function reportLanes(
  { owner: { code }, position, count }: HealthParts,
  value: number,
  report: (lane: number) => void,
): void {
  for (let lane = 0; lane < 4; lane++) {
    const pushLane = (): Code => code.get(value).op('f32x4.extract_lane', lane);
    pushLane();
    pushLane().op('f32.sub');
    pushLane();
    pushLane().op('f32.sub').op('f32.ne');
    // Lanes past the last neuron compute, but nobody sees it.
    position.pushNeuron(code).i32(lane).op('i32.add').get(count).op('i32.lt_u').op('i32.and');
    code.if(() => report(lane));
  }
}

/**
 * Watches state for NaN and infinity inside an update function, for as little as possible: x - x is 0 exactly when x is
 * finite, NaN stays in a sum, and infinity stays or becomes NaN. Who it was is found out after the fact.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Context, Position } from './context.ts';
import { NONE } from './layout.ts';

export interface HealthParts {
  readonly context: Context;
  readonly owner: WasmFunction;
  /** Locals of the state variables to watch, at least one. */
  readonly variables: readonly number[];
  readonly position: Position;
  /** Locals: first step and steps of the window, neurons of the population, number of its first neuron. */
  readonly first: number;
  readonly steps: number;
  readonly count: number;
  readonly global: number;
}

/** One check, of all neurons of one step or of some neurons over all steps of a window. */
export interface HealthCheck {
  /** Before the first step of a window. */
  open(): void;
  /** After a step of the current neurons. */
  each(): void;
  /** At the end: reports what was found. */
  close(): void;
}

/**
 * Of one step: one sum over all variables and neurons. The host looks at the state itself when it is not finite, so
 * that a sum that overflows does no harm.
 */
export function checkStep(parts: HealthParts): HealthCheck {
  const { context, owner, variables, first } = parts;
  const { code } = owner;
  const shape = context.isDouble ? 'f64' : 'f32x4';
  const sum = owner.local(context.isDouble ? 'f64' : 'v128', 'health');
  return {
    open: () => {},
    each: () => {
      for (const [position, local] of variables.entries()) {
        code.get(local);
        if (position > 0) code.named(`${shape}.add`);
      }
      code.get(sum).named(`${shape}.add`).set(sum);
    },
    close: () => {
      const difference = (): Code => code.get(sum).get(sum).named(`${shape}.sub`);
      difference();
      difference().named(`${shape}.ne`);
      if (!context.isDouble) code.op('v128.any_true');
      code.if(() => code.i32(0).get(first).i32(NONE).call(context.fault));
    },
  };
}

/** Of a window: each variable by itself, and a count of the steps that were healthy, because only the lanes know it. */
export function checkWindow(parts: HealthParts): HealthCheck {
  const { context, owner, variables } = parts;
  const { code } = owner;
  const { isDouble } = context;
  const shape = isDouble ? 'f64' : 'f32x4';
  const health = owner.local(isDouble ? 'f64' : 'v128', 'health');
  const healthy = owner.local(isDouble ? 'i32' : 'v128', 'healthy_steps');
  const isSick = (): Code => code.get(health).get(health).named(`${shape}.ne`);
  return {
    open: () => {
      if (isDouble) code.op('f64.const', 0).set(health).i32(0).set(healthy);
      else {
        for (const local of [health, healthy]) code.op('v128.const', 0, 0, 0, 0).set(local);
      }
    },
    each: () => {
      for (const [position, local] of variables.entries()) {
        code.get(local).get(local).named(`${shape}.sub`);
        if (position > 0) code.named(`${shape}.add`);
      }
      code.get(health).named(`${shape}.add`).set(health);
      code.get(healthy).get(health).get(health).named(`${shape}.eq`);
      code.op(isDouble ? 'i32.add' : 'i32x4.sub').set(healthy);
    },
    close: () => {
      isSick();
      if (!isDouble) code.op('v128.any_true');
      code.if(() => reportWindow(parts, healthy));
    },
  };
}

function reportWindow(parts: HealthParts, healthy: number): void {
  const { context, owner, position, first, steps, count, global } = parts;
  const { code } = owner;
  const report = (lane: number, pushHealthy: () => Code): void => {
    code.i32(0).get(first);
    pushHealthy().op('i32.add').get(global);
    position.pushNeuron(code).op('i32.add').i32(lane).op('i32.add').call(context.fault);
  };
  if (context.isDouble) {
    report(0, () => code.get(healthy));
    return;
  }
  for (let lane = 0; lane < 4; lane++) {
    const pushHealthy = (): Code => code.get(healthy).op('i32x4.extract_lane', lane);
    pushHealthy().get(steps).op('i32.lt_u');
    // Lanes past the last neuron compute, but nobody sees it.
    position.pushNeuron(code).i32(lane).op('i32.add').get(count).op('i32.lt_u').op('i32.and');
    code.if(() => report(lane, pushHealthy));
  }
}

/**
 * How threads run a field when its time has come: in one sweep where its rows are whole vectors, else diffusion of all of
 * it, then the reaction. What is computed is in the files of the passes; both ways give the same bits.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { FieldKernel } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { addDiffusion } from './field-diffuse.ts';
import { type FieldLayout, SWEEP_BUFFERS, type SweepLayout } from './field-layout.ts';
import { addReaction } from './field-react.ts';
import { addSweep, type SweepFunctions } from './field-sweep.ts';
import { LANES } from './layout.ts';

/** A field with its functions, which it adds to the module. */
export class FieldRun {
  readonly kernel: FieldKernel;
  readonly #context: Context;
  readonly #sweep: (SweepFunctions & { readonly layout: SweepLayout }) | null;
  /** null when nothing diffuses; both null with a sweep. */
  readonly #diffuse: WasmFunction | null;
  readonly #react: WasmFunction | null;

  constructor(context: Context, field: FieldLayout) {
    const { sweep } = field;
    this.kernel = field.kernel;
    this.#context = context;
    this.#sweep = sweep && { ...addSweep(context, field, sweep), layout: sweep };
    this.#diffuse = sweep ? null : addDiffusion(context, field);
    this.#react = sweep ? null : addReaction(context, field);
  }

  /** Writes a run; threads have met before. `pushSteps` pushes the first and the last step of the interval. */
  call(code: Code, pushSteps: () => void): void {
    const { threads, layout } = this.#context;
    const pushShare = (number: number, scale = 1): void => {
      for (const next of [0, 1] as const) {
        threads.pushShare(code, () => code.i32(number), next);
        if (scale !== 1) code.i32(scale).op('i32.mul');
      }
    };
    if (this.#sweep) {
      const { sweep, settle } = this.#sweep;
      const { layers, buffers, bufferBytes } = this.#sweep.layout;
      const pushPart = (): Code => {
        pushShare(layers);
        threads.pushThread(code).i32(SWEEP_BUFFERS * bufferBytes);
        return code.op('i32.mul').i32(buffers).op('i32.add');
      };
      pushSteps();
      pushPart().call(sweep);
      threads.meet(code);
      pushPart().call(settle);
      return;
    }
    if (this.#diffuse) {
      pushShare(this.kernel.grid[1] * this.kernel.grid[2]);
      code.call(this.#diffuse);
      threads.meet(code);
    }
    if (this.#react) {
      pushSteps();
      pushShare(Math.ceil(this.kernel.count / LANES), LANES * layout.cellBytes);
      code.call(this.#react);
    }
  }
}

/**
 * What fields of one clock dispatch when their interval ends: diffusion of all, then the reactions of all. The numbers
 * that their shaders want as override constants.
 */
import type { FieldKernel } from '../plan/plan.ts';
import { type FieldGroup, fieldCopies } from './field-groups.ts';
import { diffuseShader, reactShader } from './field-kernels.ts';
import { type Job, jobOf, type Making } from './jobs.ts';
import { depositsFirst } from './plan-words.ts';
import { numberInReports } from './report.ts';

/** Both stages; nothing in the first one depends on anything else in it, likewise in the second. */
export function fieldJobs(
  making: Making,
  { fields }: FieldGroup,
): { readonly diffuse: readonly Job[]; readonly react: readonly Job[] } {
  const { plan } = making;
  const copies = fieldCopies(plan);
  const of = (k: number): FieldKernel => plan.fields[k] as FieldKernel;
  const constantsOf = (k: number): Readonly<Record<string, number>> => {
    const { count, grid, stateBase, every, constants, seed, stream, globalFirst } = of(k);
    const [x, y, z] = grid;
    return {
      voxel_count: count,
      grid_x: x,
      grid_y: y,
      grid_z: z,
      interval: every,
      state_base: stateBase,
      copy_base: copies.bases[k] ?? 0,
      deposits_first: depositsFirst(plan),
      field_constants: constants,
      field_seed: seed >>> 0,
      field_stream: stream,
      first_number: numberInReports(plan, globalFirst),
    };
  };
  return {
    diffuse: fields.flatMap((k) => {
      const shader = diffuseShader(of(k), making);
      return shader === null
        ? []
        : [jobOf(making, of(k).name, shader, constantsOf(k), of(k).count)];
    }),
    react: fields.map((k) =>
      jobOf(making, of(k).name, reactShader(of(k), making), constantsOf(k), of(k).count),
    ),
  };
}

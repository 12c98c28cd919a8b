/**
 * What fields of one clock dispatch when their interval ends: diffusion of all, then the reactions of all. The numbers
 * that their shaders want as override constants.
 */
import type { FieldKernel } from '../plan/plan.ts';
import { type FieldGroup, fieldCopies } from './field-groups.ts';
import { diffuseShader, fillsQuads, reactShader, tileOf } from './field-kernels.ts';
import { type Job, jobOf, type Making } from './jobs.ts';
import { depositsFirst } from './plan-words.ts';
import { numberInReports } from './report.ts';
import type { Shader } from './shaders.ts';

/** Both stages; nothing in the first one depends on anything else in it, likewise in the second. */
export function fieldJobs(
  making: Making,
  { fields }: FieldGroup,
): { readonly diffuse: readonly Job[]; readonly react: readonly Job[] } {
  const { plan } = making;
  const copies = fieldCopies(plan);
  const of = (k: number): FieldKernel => plan.fields[k] as FieldKernel;
  // What is bound must look the same to all of them.
  const isQuads = fields.every((k) => fillsQuads(of(k)));
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
  const jobs = (
    k: number,
    shader: Shader | null,
    items: number,
    own: Readonly<Record<string, number>> = {},
  ): Job[] => {
    if (shader === null) return [];
    const constants = { ...constantsOf(k), ...own, item_count: items };
    return [jobOf(making, of(k).name, shader, constants, items)];
  };
  return {
    diffuse: fields.flatMap((k) => {
      const [x, y, z] = tileOf(of(k), isQuads).map((along, a) => (of(k).grid[a] as number) / along);
      const tiles = (x as number) * (y as number) * (z as number);
      const variables = of(k).diffusion.filter((factors) => factors !== null).length;
      const own = { tiles_x: x as number, tiles_y: y as number, tile_count: tiles };
      return jobs(k, diffuseShader(of(k), isQuads, making), tiles * variables, own);
    }),
    react: fields.flatMap((k) =>
      jobs(k, reactShader(of(k), isQuads, making), of(k).count / (isQuads ? 4 : 1)),
    ),
  };
}

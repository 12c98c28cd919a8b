/** What clock-driven synapse equations dispatch, and the numbers that their shader wants as override constants. */
import { clockedShader } from './clocked-kernels.ts';
import { type Job, jobOf, type Making } from './jobs.ts';
import { clockedNumber } from './report.ts';

/** One for each share of the projection's synapses. */
export function clockedJobs(making: Making, index: number): Job[] {
  const { plan, parts, words } = making;
  const kernel = plan.clocked[index];
  if (kernel === undefined) throw new Error('internal: no such clock-driven equations');
  const shader = clockedShader(kernel, making);
  return (parts.clocked[index] ?? []).map((share, k) => {
    const constants = {
      projection: words.clocked[index]?.[k] ?? 0,
      first_synapse: share.begin,
      end_synapse: share.end,
      pre_words: share.ends.pre,
      post_words: share.ends.post,
      report_number: clockedNumber(plan, index),
    };
    return jobOf(making, kernel.name, shader, constants, share.end - share.begin, { share });
  });
}

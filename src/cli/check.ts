/** `wetware check`: is the network right, and how would it be run? Compiles everything, allocates and runs nothing. */
import { compileNetwork } from '../index.ts';
import { loadNetwork } from './load-network.ts';
import { buildLine, counted, formatBytes, sizeText } from './progress.ts';
import { readPrecision, readSynapses } from './settings.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT } from './usage.ts';
import type { Options } from './verbs.ts';

export async function check(target: string, options: Options, terminal: Terminal): Promise<number> {
  const precision = readPrecision(options.precision ?? 'f32');
  const synapses = readSynapses(options.synapses ?? 'auto');
  const messages = messagesTo(terminal, options.quiet);
  const { document, notes } = await loadNetwork(target, options);
  for (const note of notes) messages.remark(note);
  messages.note(`Building ${document.name}`);
  const line = buildLine(terminal, options.quiet);
  const compiled = compileNetwork(document, {
    precision,
    synapses,
    onCounted: ({ estimate }) =>
      line.show({ phase: 'estimate', estimate: estimate({ engine: 'cpu', threads: 1 }) }),
    onProgress: (done, all) => line.show({ phase: 'synapses', done, all }),
  });
  line.clear();
  const { plan, populations } = compiled;
  const bytes = plan.memory.reduce((sum, buffer) => sum + buffer.bytes, 0);
  const report = {
    model: document.name,
    dt_ms: plan.dtMs,
    neurons: plan.neuronCount,
    synapses: plan.synapseCount,
    memory_bytes: bytes,
    window_steps: plan.windowSteps,
    dispatches_per_window: plan.schedule.length,
    projections: compiled.projections.map(({ name, synapses: count, procedural }) => ({
      name,
      synapses: count,
      procedural,
    })),
    populations: populations.map(({ name, size, method }) => ({
      name,
      size,
      method: method?.method ?? null,
      reason: method?.reason ?? null,
    })),
    warnings: plan.warnings,
    ...(options.verbose && { explanation: compiled.explain() }),
  };
  for (const warning of plan.warnings) messages.warn(warning);
  if (options.json) {
    terminal.out(`${JSON.stringify(report)}\n`);
    return EXIT.fine;
  }
  terminal.out(
    `${document.name}: ${sizeText({ neurons: plan.neuronCount, synapses: plan.synapseCount, projections: compiled.projections })}, ${formatBytes(bytes)}\n` +
      `${counted(plan.schedule.length, 'dispatch')} per window of ${counted(plan.windowSteps, 'step')} of ${plan.dtMs} ms\n`,
  );
  for (const { name, size, method, reason } of report.populations) {
    terminal.out(
      `  ${name} (${size}): ${method === null ? 'given spikes' : `${method} (${reason})`}\n`,
    );
  }
  if (options.verbose) terminal.out(`\n${compiled.explain()}`);
  return EXIT.fine;
}

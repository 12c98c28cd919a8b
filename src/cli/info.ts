/** `wetware info`: what a run would use: cores and threads, the graphics adapter and its limits. */
import { availableParallelism, cpus } from 'node:os';
import { describeAdapter } from '../index.ts';
import { counted, formatBytes } from './progress.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT } from './usage.ts';
import type { Options } from './verbs.ts';

export async function info(options: Options, terminal: Terminal, version: string): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const { adapter: wanted } = options;
  const found = await describeAdapter(wanted === undefined ? {} : { adapter: wanted });
  const warnings = found
    ? found.description.isFallback
      ? [
          'The adapter is software: correct, but slower than the CPU engine. A run without --engine uses the CPU engine.',
        ]
      : []
    : ['There is no WebGPU here; runs use the CPU engine.'];
  for (const warning of warnings) messages.warn(warning);
  const processor = describeProcessor();
  const adapter = found?.description ?? null;
  const limits = found?.limits ?? null;
  if (options.json) {
    const platform = `${process.platform} ${process.arch}`;
    const node = process.versions.node;
    const report = { version, node, platform, ...processor, adapter, limits, warnings };
    terminal.out(`${JSON.stringify(report)}\n`);
    return EXIT.fine;
  }
  terminal.out(`wetware ${version}, Node ${process.versions.node}\n`);
  const { processor: name, cores, shared_memory: isShared } = processor;
  terminal.out(
    `processor: ${name}, ${counted(cores, 'core')}; ` +
      `${isShared ? `up to ${cores} threads for the CPU engine` : 'no shared memory here: one thread'}\n`,
  );
  if (!adapter || !limits) {
    terminal.out('adapter: none\n');
    return EXIT.fine;
  }
  const { vendor, architecture, description, isFallback } = adapter;
  const names = [description, vendor, architecture].filter((text) => text !== '');
  terminal.out(`adapter: ${names.join(', ')}${isFallback ? ' (software)' : ''}\n`);
  for (const [name, value] of Object.entries(limits)) {
    const isSize = name.endsWith('Size') && !name.includes('Workgroup');
    terminal.out(`  ${name}: ${isSize ? formatBytes(value) : value}\n`);
  }
  return EXIT.fine;
}

interface Processor {
  readonly processor: string;
  /** Cores that this process may use. */
  readonly cores: number;
  /** Whether WebAssembly memory can be shared, which threads need. */
  readonly shared_memory: boolean;
}

function describeProcessor(): Processor {
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    shared_memory: canShareMemory(),
  };
}

function canShareMemory(): boolean {
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

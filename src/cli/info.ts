/** `wetware info`: which graphics adapter a run would use, and its limits. */
import { describeAdapter } from '../index.ts';
import { formatBytes } from './progress.ts';
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
  const adapter = found?.description ?? null;
  const limits = found?.limits ?? null;
  if (options.json) {
    const platform = `${process.platform} ${process.arch}`;
    const node = process.versions.node;
    terminal.out(`${JSON.stringify({ version, node, platform, adapter, limits, warnings })}\n`);
    return EXIT.fine;
  }
  terminal.out(`wetware ${version}, Node ${process.versions.node}\n`);
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

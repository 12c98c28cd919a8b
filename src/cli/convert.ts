/** `wetware convert`: a network from one format to another. Simulates nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { examples } from '../examples/index.ts';
import { convertNetwork, documentBytes, memorySource } from '../io/index.ts';
import { loadNetwork, locateNetwork, openOptions } from './load-network.ts';
import { formatBytes } from './progress.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT } from './usage.ts';
import type { Options } from './verbs.ts';

/** Writes `output`; a name without an extension is the folder of a SONATA circuit. */
export async function convert(
  target: string,
  output: string,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const { source, name } = Object.hasOwn(examples, target)
    ? await exampleSource(target, options)
    : await locateNetwork(target, options.root);
  const converted = await convertNetwork(source, name, output, {
    ...openOptions(options),
    ...(options.duration !== undefined && { duration: options.duration }),
  });
  for (const note of converted.notes) messages.remark(note);
  const isFolder = converted.format === 'sonata';
  const folder = output.endsWith('.json') ? dirname(output) : output;
  for (const [file, bytes] of converted.files) {
    const path = isFolder ? join(folder, file) : output;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    if (!isFolder) terminal.out(`Wrote ${path} (${formatBytes(bytes.length)})\n`);
  }
  if (isFolder) terminal.out(`Wrote ${converted.files.size} files to ${folder}\n`);
  return EXIT.fine;
}

/** An example, as the document that it builds. */
async function exampleSource(target: string, options: Options) {
  const { document } = await loadNetwork(target, options);
  const name = `${target}.wetware.json`;
  return { source: memorySource(new Map([[name, documentBytes(document)]])), name };
}

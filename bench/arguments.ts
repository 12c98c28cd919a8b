/** Arguments of the command line of the bench: read with node:util, messages and help our own. */
import { parseArgs } from 'node:util';
import {
  isOption,
  OPTIONS,
  type OptionName,
  type RawSettings,
  SettingsError,
  unknownWord,
} from './settings.ts';

/** Throws SettingsError for whatever is unknown or lacks a value. */
export function readArguments(args: readonly string[]): RawSettings {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, entry]) => {
      const type: 'string' | 'boolean' = 'value' in entry ? 'string' : 'boolean';
      return [name, { type }];
    }),
  );
  // Not strict: the messages for what is wrong are ours.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const raw: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw new SettingsError(`Unexpected "${token.value}": names of workloads go after --only.`);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name) || !rawName.startsWith('--')) {
      throw unknownWord(
        'option',
        rawName,
        Object.keys(OPTIONS).map((one) => `--${one}`),
      );
    }
    raw[name] = optionValue(name, rawName, value);
  }
  return raw;
}

function optionValue(
  name: OptionName,
  rawName: string,
  value: string | undefined,
): string | boolean {
  const entry = OPTIONS[name];
  if (!('value' in entry)) {
    if (value === undefined) return true;
    throw new SettingsError(`${rawName} takes no value, got "${value}".`);
  }
  if (value === undefined || value.trim() === '' || value.startsWith('--')) {
    throw new SettingsError(`${rawName} needs a value: ${rawName} <${entry.value}>. ${entry.doc}.`);
  }
  return value;
}

/** What --help prints. */
export function helpText(workloadNames: readonly string[]): string {
  const rows = Object.entries(OPTIONS).map(([name, entry]) => [
    'value' in entry ? `--${name} <${entry.value}>` : `--${name}`,
    entry.doc,
  ]);
  const width = Math.max(...rows.map(([left = '']) => left.length));
  const table = rows
    .map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}\n`)
    .join('');
  return `Measures wetware on this machine, and other simulators beside it where they are installed.

npm run bench -- [options]

${table}
Ctrl-C stops and keeps what there is; --resume with --out goes on. Method and format: bench/README.md.
Workloads: ${workloadNames.join(', ')}.
`;
}

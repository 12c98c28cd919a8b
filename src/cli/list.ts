/** `wetware list`: the examples, their sources and parameters. */
import { examples } from '../examples/index.ts';
import type { Terminal } from './terminal.ts';
import { EXIT } from './usage.ts';
import type { Options } from './verbs.ts';

export function list(options: Options, terminal: Terminal): number {
  const all = Object.values(examples).map(
    ({ name, title, citation, defaultDuration, parameters }) => ({
      name,
      title,
      citation,
      duration: defaultDuration,
      parameters: Object.entries(parameters).map(([key, { default: value, doc }]) => ({
        name: key,
        default: value,
        doc,
      })),
    }),
  );
  if (options.json) {
    terminal.out(`${JSON.stringify({ examples: all })}\n`);
    return EXIT.fine;
  }
  for (const { name, title, citation, duration, parameters } of all) {
    terminal.out(`${name}\n  ${title}\n  ${citation}\n  simulated for ${duration} by default\n`);
    const settings = parameters.map(({ name: key, default: value }) =>
      value === undefined ? key : `${key}=${value}`,
    );
    const width = Math.max(0, ...settings.map((setting) => setting.length));
    for (const [index, { doc }] of parameters.entries()) {
      terminal.out(`    --set ${settings[index]?.padEnd(width)}  ${doc}\n`);
    }
    terminal.out('\n');
  }
  return EXIT.fine;
}

/** A network document as TypeScript: the calls of the fluent API that build the same document. */
import type {
  NetworkDocument,
  PopulationDocument,
  Quantity,
  RecordingDocument,
  SliceReference,
} from '../../network/document.ts';
import { isTypedList } from '../../network/fields.ts';
import { validateDocument } from '../../network/validate.ts';
import { Identifiers, type Script } from './python-text.ts';
import { durationOf, type ScriptOptions } from './script-options.ts';

/** Words of the module itself, and of the language. */
const WORDS =
  'createSimulation Network net simulation console break case catch class const continue debugger default delete do else ' +
  'enum export extends false finally for function if import in instanceof let new null package return static super ' +
  'switch this throw true try typeof var void while with yield await async interface private protected public ' +
  'implements arguments eval undefined NaN Infinity';

/**
 * Writes a module that builds the document with `Network`, runs it and prints the mean rates. Nothing is left out: the
 * network that it builds is the document.
 */
export function toTypeScript(document: NetworkDocument, options: ScriptOptions = {}): Script {
  const duration = durationOf(options, 'toTypeScript');
  return { text: moduleOf(validateDocument(document), duration), notes: [] };
}

function moduleOf(document: NetworkDocument, duration: Quantity): string {
  const names = new Identifiers(WORDS.split(' '));
  const identifiers = new Map<string, string>();
  const { name, dt, seed, params } = document;
  const lines: string[] = [
    `import { createSimulation, Network } from 'wetware';`,
    `const net = new Network(${literal({ name, dt, seed, ...(hasKeys(params) && { params }) })});`,
  ];
  for (const [key, { columns, ...array }] of Object.entries(document.timedArrays)) {
    const rest = columns === 1 ? array : { ...array, columns };
    lines.push(`net.timedArray(${literal(key)}, ${literal(rest)});`);
  }
  for (const { name: one, ...field } of document.fields ?? []) {
    const identifier = names.of(one, 'field');
    identifiers.set(one, identifier);
    lines.push(
      `const ${identifier} = net.field(${literal(one)}, ${literal(withoutEmpty(field))});`,
    );
  }
  for (const population of document.populations) {
    const identifier = names.of(population.name, 'population');
    identifiers.set(population.name, identifier);
    lines.push(`const ${identifier} = ${populationCall(population)};`);
  }
  const slice = ({ population, from, to }: SliceReference): string => {
    const identifier = identifiers.get(population) ?? population;
    if (from === undefined && to === undefined) return identifier;
    return `${identifier}.slice(${[from ?? 0, ...(to === undefined ? [] : [to])].join(', ')})`;
  };
  for (const { name: one, source, target, connect, ...rest } of document.projections) {
    lines.push(
      `net\n  .projection(${literal(one)}, ${slice(source)}, ${slice(target)}, ${literal(withoutEmpty(rest), 2)})\n` +
        `  .connect(${literal(connect, 2)});`,
    );
  }
  for (const { name: one, target, ...rest } of document.inputs) {
    lines.push(`net.poissonInput(${literal(one)}, ${slice(target)}, ${literal(rest)});`);
  }
  for (const { owner, ...rest } of document.interventions ?? []) {
    lines.push(`net.intervene(${literal({ owner, ...rest })});`);
  }
  const fields = new Set((document.fields ?? []).map(({ name: one }) => one));
  for (const recording of document.recordings) {
    lines.push(recordCall(recording, slice(recording.target), fields));
  }
  lines.push(
    `const simulation = await createSimulation(net);
await simulation.run(${literal(duration)});
console.log(simulation.summary());
simulation.destroy();`,
  );
  return `${lines.join('\n\n')}\n`;
}

function populationCall(population: PopulationDocument): string {
  const { name } = population;
  if (population.kind === 'spikes') {
    const { size, kind: _, name: __, ...rest } = population;
    return `net.spikeList(${literal(name)}, ${size}, ${literal(rest)})`;
  }
  const { size, kind: _, name: __, ...rest } = population;
  return `net.population(${literal(name)}, ${size}, ${literal(withoutEmpty(rest))})`;
}

function recordCall(
  recording: RecordingDocument,
  target: string,
  fields: ReadonlySet<string>,
): string {
  const { name } = recording;
  if (recording.kind !== 'state') {
    return `net.record.${recording.kind}(${target}, ${literal({ name })});`;
  }
  const { variables, neurons, every } = recording;
  const isField = fields.has(recording.target.population);
  const which = neurons === undefined ? {} : { [isField ? 'voxels' : 'neurons']: neurons };
  const options = { name, ...which, ...(every !== undefined && { every }) };
  const method = isField ? 'field' : 'state';
  return `net.record.${method}(${target}, ${literal(variables)}, ${literal(options)});`;
}

const hasKeys = (value: object): boolean => Object.keys(value).length > 0;

/** Without empty tables, which the fluent API adds by itself. */
function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, one]) => !(['params', 'initial'].includes(key) && hasKeys(one as object) === false),
    ),
  );
}

/** Plain data as JavaScript: keys without quotes where they may be, texts of several lines between backticks. */
function literal(value: unknown, depth = 0): string {
  if (typeof value === 'string') return textLiteral(value);
  if (isTypedList(value)) return literal(Array.from(value), depth);
  if (Array.isArray(value)) return list(value, depth);
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const parts = entries.map(([key, one]) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : textLiteral(key);
    // `{ __proto__: … }` would set the prototype.
    return `${name === '__proto__' ? '["__proto__"]' : name}: ${literal(one, depth + 2)}`;
  });
  if (parts.length === 0) return '{}';
  const line = `{ ${parts.join(', ')} }`;
  if (line.length <= 80 && !line.includes('\n')) return line;
  const indent = ' '.repeat(depth + 2);
  return `{\n${parts.map((part) => `${indent}${part},\n`).join('')}${' '.repeat(depth)}}`;
}

function list(values: readonly unknown[], depth: number): string {
  const words = values.map((one) => literal(one, depth + 2));
  const line = `[${words.join(', ')}]`;
  if (line.length <= 90) return line;
  const indent = ' '.repeat(depth + 2);
  const lines: string[] = [''];
  for (const word of words) {
    const last = lines.at(-1) as string;
    if (last !== '' && last.length + word.length > 96) lines.push(`${word}, `);
    else lines[lines.length - 1] = `${last}${word}, `;
  }
  return `[\n${lines.map((one) => `${indent}${one.trimEnd()}\n`).join('')}${' '.repeat(depth)}]`;
}

function textLiteral(text: string): string {
  if (text.includes('\n') && !/[\r\u2028\u2029]/.test(text)) {
    return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\``;
  }
  const quoted = JSON.stringify(text).replace(/[\u2028\u2029]/g, (one) =>
    one === '\u2028' ? '\\u2028' : '\\u2029',
  );
  return text.includes("'") || text.includes('\\') || text.includes('"')
    ? quoted
    : `'${quoted.slice(1, -1)}'`;
}

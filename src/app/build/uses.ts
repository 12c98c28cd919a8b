/** Where a parameter occurs in the texts of a document: its meaning where no table gives one. */
import type { NetworkDocument } from '../../index.ts';
import type { OwnerKind } from './edits/set.ts';

interface Texts {
  readonly owner: string;
  readonly lines: readonly string[];
}

/** Lines that mention the parameter, each with whose it is; at most `most`. */
export function usesOf(
  document: NetworkDocument,
  kind: OwnerKind,
  owner: string,
  parameter: string,
  most = 2,
): readonly { readonly owner: string; readonly line: string }[] {
  const word = new RegExp(`(^|[^A-Za-z0-9_])${parameter}(_pre|_post)?($|[^A-Za-z0-9_])`);
  const found: { owner: string; line: string }[] = [];
  for (const texts of textsOf(document)) {
    if (kind !== 'network' && !isNear(document, kind, owner, texts.owner)) continue;
    for (const line of texts.lines) {
      if (!word.test(line)) continue;
      if (found.some((one) => one.line === line)) continue;
      found.push({ owner: texts.owner, line });
      if (found.length === most) return found;
    }
  }
  return found;
}

/** Parameters of the network that the texts of a thing read and that it has not itself, in their order. */
export function networkParamsOf(document: NetworkDocument, owner: string): readonly string[] {
  const words = new Set<string>();
  for (const texts of textsOf(document)) {
    if (texts.owner !== owner) continue;
    for (const line of texts.lines) {
      for (const word of line.match(/[A-Za-z_]\w*/g) ?? []) words.add(word);
    }
  }
  const { populations, projections, fields = [] } = document;
  const own = [...populations, ...projections, ...fields].find(({ name }) => name === owner);
  const shadowed = own && 'params' in own ? own.params : {};
  return Object.keys(document.params).filter(
    (name) => words.has(name) && !Object.hasOwn(shadowed, name),
  );
}

/** Comment behind the declaration of a variable, "x : 1  # receptors occupied". */
export function commentOf(eqs: string, name: string): string {
  const line = eqs.split('\n').find((one) => new RegExp(`^\\s*(d${name}/dt|${name})\\b`).test(one));
  return line?.match(/#\s*(.+)$/)?.[1]?.trim() ?? '';
}

/** Projections onto or from a population read its parameters. */
function isNear(document: NetworkDocument, kind: OwnerKind, owner: string, other: string): boolean {
  if (other === owner) return true;
  if (kind === 'projection') return false;
  const projection = document.projections.find(({ name }) => name === other);
  if (projection) {
    return projection.source.population === owner || projection.target.population === owner;
  }
  return document.inputs.some(({ name, target }) => name === other && target.population === owner);
}

function* textsOf(document: NetworkDocument): Generator<Texts> {
  const split = (text: string | undefined): string[] =>
    (text ?? '')
      .split(/[\n;]/)
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== '');
  for (const part of document.populations) {
    if (part.kind !== 'neurons') continue;
    const { name, eqs, onStep, threshold, reset, refractory } = part;
    const lines = [eqs, onStep, reset].flatMap(split);
    if (threshold) lines.push(`spike when ${threshold}`);
    if (refractory) lines.push(`refractory ${refractory}`);
    yield { owner: name, lines };
  }
  for (const { name, eqs, diffusion = {} } of document.fields ?? []) {
    const spreads = Object.entries(diffusion).map(
      ([key, value]) => `diffusion of ${key}: ${value}`,
    );
    yield { owner: name, lines: [...split(eqs), ...spreads] };
  }
  for (const { name, eqs, onPre, onPost } of document.projections) {
    const pathways = [onPre, onPost].flatMap((texts) =>
      texts === undefined ? [] : typeof texts === 'string' ? [texts] : Object.values(texts),
    );
    yield { owner: name, lines: [eqs, ...pathways].flatMap(split) };
  }
  for (const { name, variable, weight } of document.inputs) {
    yield { owner: name, lines: [`${variable} += ${weight}`] };
  }
}

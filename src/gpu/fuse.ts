/**
 * Several shaders as one, so that kernels that do not depend on each other share a dispatch: each gets its own
 * workgroups. Text only: what all have in common is kept once, everything else gets a number behind its name. Knows
 * nothing of what the kernels do.
 */
import type { Shader } from './shaders.ts';

/** A shader, the values of its override constants (and perhaps others), and the workgroups that it takes. */
export interface FusedKernel {
  readonly shader: Shader;
  readonly constants: Readonly<Record<string, number>>;
  readonly groups: number;
}

interface Declaration {
  readonly name: string;
  readonly text: string;
  /** The text without comments and empty lines: what it means. */
  readonly bare: string;
  readonly isOverride: boolean;
}

/** What the shaders so far declare, bare; the value of an override beside it. */
type Known = Map<string, { readonly bare: string; readonly value: number | undefined }>;

/** One shader that does what these do, and the values of its overrides. A single one stays as it is. */
export function fuseShaders(
  kernels: readonly FusedKernel[],
): Pick<FusedKernel, 'shader' | 'constants'> {
  const [first] = kernels;
  if (first === undefined) throw new Error('internal: nothing to fuse');
  if (kernels.length === 1) return first;
  const known: Known = new Map();
  const texts: string[] = [];
  const constants: Record<string, number> = {};
  for (const [number, kernel] of kernels.entries()) {
    const declarations = declarationsOf(kernel.shader.code);
    const renamed = namesToChange(declarations, kernel.constants, known);
    const numbered = (text: string): string => numberNames(text, renamed, number);
    for (const { name, text, bare, isOverride } of declarations) {
      if (known.has(name) && !renamed.has(name)) continue;
      const value = kernel.constants[name];
      const newName = numbered(name);
      const newText = name === 'main' ? plainFunction(text) : text;
      if (newText.includes('@binding') && renamed.has(name)) {
        throw new Error(`internal: shaders that are to be fused bind ${name} in different ways`);
      }
      known.set(newName, { bare, value });
      texts.push(numbered(newText));
      if (isOverride && value !== undefined) constants[newName] = value;
    }
  }
  const shaders = kernels.map(({ shader }) => shader);
  return {
    constants,
    shader: {
      name: shaders.map(({ name }) => name).join(' + '),
      flags: Object.assign({}, ...shaders.map(({ flags }) => flags)),
      code: `${texts.join('\n')}\n${entryPoint(kernels)}`,
      bindings: [...new Map(shaders.flatMap((s) => s.bindings.map((b) => [b.name, b]))).values()],
      overrides: new Set(Object.keys(constants)),
    },
  };
}

/** The top-level declarations of a shader, comments before them included. */
function declarationsOf(code: string): Declaration[] {
  const chunks: string[] = [];
  let isOpen = false;
  for (const line of code.split('\n')) {
    const isComment = line.startsWith('//');
    const isStart = /^(?:@|fn |struct |const |override |var<)/.test(line);
    // A comment or an attribute belongs to the declaration that follows.
    if (chunks.length === 0 || ((isComment || isStart) && !isOpen)) chunks.push(line);
    else chunks[chunks.length - 1] += `\n${line}`;
    if (isComment || isStart) isOpen = isComment || /^@compute/.test(line);
  }
  return chunks.flatMap((text) => {
    const match = /^(?:@.*\s)?(fn|struct|const|override|var(?:<.*>)?) (\w+)/m.exec(text);
    if (match === null) return [];
    const bare = text.replace(/^\s*(?:\/\/.*)?\n/gm, '').trim();
    return [{ name: match[2] ?? '', text, bare, isOverride: match[1] === 'override' }];
  });
}

/** Names that mean something else in the shaders before, and those of declarations that use such names. */
function namesToChange(
  declarations: readonly Declaration[],
  constants: Readonly<Record<string, number>>,
  known: Known,
): ReadonlySet<string> {
  const changed = new Set(['main']);
  for (const { name, bare } of declarations) {
    const other = known.get(name);
    if (other === undefined) continue;
    if (other.bare !== bare || other.value !== constants[name]) changed.add(name);
  }
  let before = 0;
  while (changed.size > before) {
    before = changed.size;
    for (const { name, bare } of declarations) {
      if (changed.has(name)) continue;
      const words = bare.match(WORDS) ?? [];
      if (words.some((word) => changed.has(word))) changed.add(name);
    }
  }
  return changed;
}

/** Words that are not members of something. */
const WORDS = /(?<![.\w])[A-Za-z_]\w*/g;

function numberNames(text: string, names: ReadonlySet<string>, number: number): string {
  return text.replace(WORDS, (word) => (names.has(word) ? `${word}_${number}` : word));
}

/** An entry point as an ordinary function of the same arguments. */
function plainFunction(text: string): string {
  return text.replace(/^@compute.*\n/m, '').replace(/@builtin\(\w+\) /g, '');
}

/** Deals the workgroups out: the first `groups` to the first kernel, and so on; the last one may get some for nothing. */
function entryPoint(kernels: readonly FusedKernel[]): string {
  const branches: string[] = [];
  let before = 0;
  for (const [number, { groups }] of kernels.entries()) {
    const call = `main_${number}(vec3u(group - ${before}u, 0u, 0u), vec3u(${groups}u, 1u, 1u), lane);`;
    before += groups;
    const isLast = number === kernels.length - 1;
    branches.push(
      isLast ? `{\n    ${call}\n  }` : `if (group < ${before}u) {\n    ${call}\n  } else `,
    );
  }
  return `@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = workgroup_id.y * num_workgroups.x + workgroup_id.x;
  ${branches.join('')}
}
`;
}

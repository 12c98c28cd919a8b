/**
 * Shader files to final WGSL: joins imports, puts generated code into its holes, resolves flags, and reads the bindings
 * from the result. Pure text, no GPU. Throws on whatever does not fit; every such fault is internal, because users
 * write no shaders.
 */
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { WGSL_WORDS } from '../language/wgsl-words.ts';

const files = import.meta.glob<string>('../../shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Shader text by name, "update" or "lib/philox". */
const sources: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/shaders\/|\.wgsl$/g, ''), text]),
);

export interface ShaderParts {
  /** Structural variants, `#if NAME`: exactly those that the file uses. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** Generated code, `#insert name`: exactly those that the file has. Empty text leaves nothing. */
  readonly inserts: Readonly<Record<string, string>>;
}

export interface Binding {
  readonly binding: number;
  readonly name: string;
  readonly type: GPUBufferBindingType;
}

export interface Shader {
  readonly name: string;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly code: string;
  readonly bindings: readonly Binding[];
  /** Names of its override constants. */
  readonly overrides: ReadonlySet<string>;
}

/** Joins one shader file with its imports and resolves holes and flags. */
export function loadShader(name: string, parts: ShaderParts): Shader {
  const joined = join(name);
  const code = resolveFlags(name, fillHoles(name, joined, parts.inserts), parts.flags);
  const leftover = code.split('\n').find((line) => line.includes('#'));
  if (leftover !== undefined) {
    throw new Error(`internal: shader ${name}: "#" is left over in "${leftover.trim()}"`);
  }
  const tidy = code.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n');
  return {
    name,
    flags: parts.flags,
    code: tidy,
    bindings: bindingsOf(name, tidy),
    overrides: new Set([...tidy.matchAll(/\boverride\s+(\w+)/g)].map((match) => match[1] ?? '')),
  };
}

/** Names that generated code must not use: WGSL's own, those declared by the shader's files, and all words of `main`. */
export function reservedWords(name: string): Set<string> {
  const code = join(name).replace(/\/\/.*$/gm, '');
  const declared = code.matchAll(/^(?:@.*\s)?(?:fn|struct|const|override|var(?:<.*>)?) (\w+)/gm);
  const main = code.slice(code.indexOf('\nfn main('));
  return new Set([
    ...WGSL_WORDS,
    ...[...declared].map((match) => match[1] ?? ''),
    ...(main.match(/(?<![.\w])[A-Za-z_]\w*/g) ?? []),
  ]);
}

/** The file with its `#import` lines replaced by the imported files, each once, dependencies first. */
function join(name: string, seen: Set<string> = new Set()): string {
  const source = sources.get(name);
  if (source === undefined) {
    throw new Error(`internal: no shader ${name}; there are ${[...sources.keys()].join(', ')}`);
  }
  const imported: string[] = [];
  const own = source.replace(/^#import (\S+)\n/gm, (_, other: string) => {
    if (!seen.has(other)) {
      seen.add(other);
      imported.push(join(other, seen));
    }
    return '';
  });
  return [...imported, own].join('\n');
}

function fillHoles(name: string, text: string, inserts: ShaderParts['inserts']): string {
  const unused = new Set(Object.keys(inserts));
  const filled = text.replace(/^[ \t]*#insert (\w+)$/gm, (_, hole: string) => {
    const insert = inserts[hole];
    if (insert === undefined) throw new Error(`internal: shader ${name}: hole ${hole} is empty`);
    if (insert.includes('#')) {
      throw new Error(`internal: shader ${name}: generated code for ${hole} contains "#"`);
    }
    unused.delete(hole);
    return insert;
  });
  for (const hole of unused) throw new Error(`internal: shader ${name} has no hole ${hole}`);
  return filled;
}

/** Runs `#if NAME`, `#elif !NAME`, `#else`, `#endif` through wgsl-preprocessor, which wants values, not names. */
function resolveFlags(name: string, text: string, flags: ShaderParts['flags']): string {
  const unused = new Set(Object.keys(flags));
  const strings: string[] = [];
  const values: boolean[] = [];
  let end = 0;
  for (const match of text.matchAll(/#(?:if|elif) (!?)([A-Z0-9_]+)/g)) {
    const [directive, negation, flag = ''] = match;
    const value = flags[flag];
    if (value === undefined) throw new Error(`internal: shader ${name}: unknown flag ${flag}`);
    unused.delete(flag);
    const keyword = directive.slice(0, directive.indexOf(' ') + 1);
    strings.push(text.slice(end, match.index) + keyword);
    values.push(negation === '!' ? !value : value);
    end = match.index + directive.length;
  }
  for (const flag of unused) throw new Error(`internal: shader ${name} does not use flag ${flag}`);
  return wgsl([...strings, text.slice(end)], ...values);
}

const BINDING =
  /@group\((\d+)\)\s*@binding\((\d+)\)\s*var<\s*(\w+)\s*(?:,\s*(\w+)\s*)?>\s*(\w+)\s*:/g;

function bindingsOf(name: string, code: string): Binding[] {
  return [...code.matchAll(BINDING)].map(([, group, binding, space, access, variable = '']) => {
    if (group !== '0') throw new Error(`internal: shader ${name}: ${variable} is not in group 0`);
    const type =
      space === 'uniform' ? 'uniform' : access === 'read_write' ? 'storage' : 'read-only-storage';
    return { binding: Number(binding), name: variable, type };
  });
}

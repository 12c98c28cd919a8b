/** The network as code: TypeScript, Brian 2, PyNN, JSON, and the shaders that the GPU engine makes of it. */
import { compileNetwork, kernelTexts, type NetworkDocument, NetworkError } from '../../index.ts';
import { toBrian2, toPyNN, toTypeScript } from '../../io/scripts/index.ts';
import { readArray } from '../state/array-store.ts';
import { attach, isReference } from '../state/arrays.ts';

export type CodeLanguage = 'typescript' | 'brian2' | 'pynn' | 'json' | 'wgsl';

export interface Code {
  /** '' where it cannot be said in that language. */
  readonly text: string;
  /** What is different there, or why it cannot be said. */
  readonly notes: readonly string[];
  readonly fileName: string;
}

export interface CodeCalls {
  /** Never rejects for what is in the document: that is in the notes. */
  codeOf(document: NetworkDocument, language: CodeLanguage): Code;
}

/** Most numbers in long lists that are written out. */
const MOST_NUMBERS = 400_000;

const FILES: Readonly<Record<CodeLanguage, string>> = {
  typescript: 'network.ts',
  brian2: 'network_brian2.py',
  pynn: 'network_pynn.py',
  json: 'network.wetware.json',
  wgsl: 'network.wgsl',
};

export const codeTools = {
  async codeOf(document: NetworkDocument, language: CodeLanguage): Promise<Code> {
    const fileName = FILES[language];
    try {
      if (language !== 'wgsl') refuseLongLists(document);
      return { ...(await write(await attach(document, readArray), language)), fileName };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return { text: '', notes: [error.message], fileName };
    }
  },
};

function refuseLongLists(document: NetworkDocument): void {
  const numbers = numbersIn(document);
  if (numbers <= MOST_NUMBERS) return;
  throw new NetworkError(
    `This network lists ${numbers.toLocaleString('en')} numbers (synapses, weights or spikes), too many to be read as text. ` +
      'Share → Export writes them to a file.',
  );
}

function numbersIn(value: unknown): number {
  if (isReference(value)) return value.length;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 0;
  if (Array.isArray(value) && typeof value[0] === 'number') return 0;
  return Object.values(value).reduce((sum: number, part) => sum + numbersIn(part), 0);
}

/** The text of a whole document. */
export async function write(
  document: NetworkDocument,
  language: CodeLanguage,
): Promise<{ readonly text: string; readonly notes: readonly string[] }> {
  switch (language) {
    case 'typescript':
      return toTypeScript(document);
    case 'brian2':
      return toBrian2(document);
    case 'pynn':
      return toPyNN(document);
    case 'json':
      return { text: jsonText(document), notes: [] };
    case 'wgsl': {
      const compiled = compileNetwork(document, { synapses: 'auto' });
      const kernels = await kernelTexts(compiled);
      const text = kernels
        .map(({ name, code }) => `// ======== ${name} ========\n\n${code.trim()}\n`)
        .join('\n\n');
      const count = kernels.length === 1 ? 'One kernel' : `${kernels.length} kernels`;
      return {
        text,
        notes: [
          `${count}, as the GPU engine compiles them; sizes and places of buffers are override constants.`,
        ],
      };
    }
  }
}

/** Lists of numbers on one line, all else indented. */
function jsonText(document: NetworkDocument): string {
  const lists: string[] = [];
  const text = JSON.stringify(
    document,
    (_, value: unknown) => {
      const isList =
        ArrayBuffer.isView(value) ||
        (Array.isArray(value) && value.length > 8 && typeof value[0] === 'number');
      if (!isList) return value;
      return `\u0000${lists.push(JSON.stringify(Array.from(value as ArrayLike<number>))) - 1}\u0000`;
    },
    2,
  );
  return `${text.replace(/"\\u0000(\d+)\\u0000"/g, (_, k: string) => lists[Number(k)] ?? '')}\n`;
}

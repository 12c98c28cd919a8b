/**
 * XML text as elements with line numbers. XML is data here: its size is bounded, and document types (with their
 * entities) are refused. Loads its library, fast-xml-parser, when first used.
 */
import { NetworkError } from '../../errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** Longest text of one file. */
const LONGEST_FILE = 128 * 1024 * 1024;
const DEEPEST = 64;

/** Refuses an element, saying where it is. */
export function refuseElement(element: XmlElement, problem: string): never {
  const id = element.attributes.get('id');
  const what = id === undefined ? `<${element.name}>` : `<${element.name} id="${id.slice(0, 60)}">`;
  const path = `${element.file}, line ${element.line}`;
  throw new NetworkError(`${path}: ${what} ${problem}`, { path, value: element.name });
}

/** The library lists elements that nobody closes as JSON of several lines. */
function faultOf(message: string): string {
  const open = /^Invalid '(\[[\s\S]*\])' found\.$/.exec(message)?.[1];
  const line = message.replace(/\s+/g, ' ').slice(0, 300);
  if (open === undefined) return line;
  const names = [...open.matchAll(/"([^"]*)"/g)].map(([, name]) => `<${name}>`);
  return `${names.slice(0, 10).join(', ')} never ends. Is the file complete?`;
}

/** The root element of an XML file. Throws NetworkError for what is not well-formed. */
export async function parseXml(text: string, file: string): Promise<XmlElement> {
  const refuse = (problem: string): never => {
    throw new NetworkError(`${file}: ${problem}`, { path: file });
  };
  if (text.length > LONGEST_FILE) refuse(`longer than ${LONGEST_FILE} characters.`);
  if (/<!DOCTYPE/i.test(text)) refuse('document types (<!DOCTYPE>) are not read. Remove it.');
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    refuse(`line ${valid.err.line}: not well-formed XML: ${faultOf(valid.err.msg)}`);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    captureMetaData: true,
    maxNestedTags: DEEPEST,
    removeNSPrefix: true,
  });
  let nodes: unknown;
  try {
    nodes = parser.parse(text);
  } catch (error) {
    refuse(`not readable XML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const metadata = XMLParser.getMetaDataSymbol() as symbol;
  const elements = convert(nodes, file, lineCounter(text), metadata);
  const [root, more] = elements;
  if (root === undefined || more !== undefined) return refuse('must have one root element.');
  return root;
}

/** A function from positions, asked for in ascending order mostly, to line numbers. */
function lineCounter(text: string): (position: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (position) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** fast-xml-parser's ordered form: `{ tag: children, ":@": attributes, [metadata]: { startIndex } }`. */
function convert(
  nodes: unknown,
  file: string,
  lineOf: (position: number) => number,
  metadata: symbol,
): readonly XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  const elements: XmlElement[] = [];
  for (const node of nodes as Readonly<Record<string | symbol, unknown>>[]) {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name.startsWith('#') || name.startsWith('?')) continue;
    const { startIndex = 0 } = (node[metadata] ?? {}) as { startIndex?: number };
    elements.push({
      name,
      attributes: new Map(Object.entries((node[':@'] ?? {}) as Record<string, string>)),
      children: convert(node[name], file, lineOf, metadata),
      file,
      line: lineOf(startIndex),
    });
  }
  return elements;
}

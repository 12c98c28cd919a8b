/** Connection tables as CSV and Parquet, with columns pre, post, weight and delay_ms, or ids where there are labels. */
import { isPlainObject } from '../language/argument.ts';
import { checkNumberList, refuseArgument } from './arguments.ts';
import type { ConnectomeTable } from './connectome-table.ts';

type Edges = Pick<ConnectomeTable, 'pre' | 'post' | 'weight' | 'delayMs'>;

const LINES_PER_PIECE = 65_536;

/** Throws TypeError or RangeError for what are no connections: pre, post and weight of one length, delayMs or null. */
export function checkEdges(value: unknown, where: string): asserts value is Edges {
  if (!isPlainObject(value))
    refuseArgument(where, 'connections (pre, post, weight, delayMs)', value);
  const { pre, post, weight, delayMs } = value as Record<string, unknown>;
  checkNumberList(pre, `${where}: pre`);
  const { length } = pre as { readonly length: number };
  checkNumberList(post, `${where}: post`, length);
  checkNumberList(weight, `${where}: weight`, length);
  if (delayMs !== null) checkNumberList(delayMs, `${where}: delayMs`, length);
}

/** Comma-separated text in pieces that belong one after the other. */
export function* connectomeToCsv(edges: Edges): Generator<string> {
  checkEdges(edges, 'connectomeToCsv: edges');
  const { pre, post, weight, delayMs } = edges;
  yield `pre,post,weight${delayMs === null ? '' : ',delay_ms'}\n`;
  for (let start = 0; start < pre.length; start += LINES_PER_PIECE) {
    const lines: string[] = [];
    for (let k = start; k < Math.min(start + LINES_PER_PIECE, pre.length); k++) {
      const delay = delayMs === null ? '' : `,${delayMs[k]}`;
      lines.push(`${pre[k]},${post[k]},${weight[k]}${delay}\n`);
    }
    yield lines.join('');
  }
}

/** The bytes of a Parquet file; loads hyparquet-writer. */
export async function connectomeToParquet(edges: Edges): Promise<Uint8Array> {
  checkEdges(edges, 'connectomeToParquet: edges');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const { pre, post, weight, delayMs } = edges;
  const required = { nullable: false, encoding: 'PLAIN' } as const;
  const type = weight instanceof Int32Array ? 'INT32' : 'DOUBLE';
  const bytes = parquetWriteBuffer({
    columnData: [
      // Neuron numbers are below 2^31, so the same bits are int32.
      { name: 'pre', type: 'INT32', data: new Int32Array(pre), ...required },
      { name: 'post', type: 'INT32', data: new Int32Array(post), ...required },
      { name: 'weight', type, data: weight, ...required },
      ...(delayMs === null
        ? []
        : [{ name: 'delay_ms', type: 'DOUBLE' as const, data: delayMs, ...required }]),
    ],
    rowGroupSize: 1_000_000,
    createdBy: 'wetware',
  });
  return new Uint8Array(bytes);
}

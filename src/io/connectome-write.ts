/** Connection tables as CSV and Parquet, with columns pre, post, weight and delay_ms, or ids where there are labels. */
import type { ConnectomeTable } from './connectome-table.ts';

type Edges = Pick<ConnectomeTable, 'pre' | 'post' | 'weight' | 'delayMs'>;

const LINES_PER_PIECE = 65_536;

/** Comma-separated text in pieces that belong one after the other. */
export function* connectomeToCsv({ pre, post, weight, delayMs }: Edges): Generator<string> {
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

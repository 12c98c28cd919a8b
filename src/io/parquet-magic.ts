/** How a Parquet file begins and ends. */

const MAGIC = [0x50, 0x41, 0x52, 0x31];

/** Whether bytes begin as a Parquet file does. */
export const isParquet = (bytes: Uint8Array): boolean =>
  MAGIC.every((byte, at) => bytes[at] === byte);

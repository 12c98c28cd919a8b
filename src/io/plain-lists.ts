/** A replacer for JSON.stringify: typed arrays become the lists that JSON has. Not a reader of them. */
export const plainLists = (_key: string, value: unknown): unknown =>
  // isView is also true of DataView, which has no elements; documents hold none.
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;

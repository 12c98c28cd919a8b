/** Code that regl would write and evaluate, by its hash; recorded by tests/support/record-regl-code.mjs. */
export const reglCode: Readonly<Record<string, (...linked: unknown[]) => unknown>>;

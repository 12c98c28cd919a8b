// The buffer of everything small that kernels look up. Who reads an entry documents its words.
// Host twin: src/gpu/plan-words.ts.

@group(0) @binding(4) var<storage, read> plan_words: array<u32>;

// Where a word could be an index: there is none.
const NONE = 0xffffffffu;

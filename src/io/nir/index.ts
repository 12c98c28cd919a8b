/** `wetware/io/nir`: NIR graphs read and written. h5wasm is loaded by readNir and writeNir; graphs in memory need none. */
export type { NirArray, NirGraph, NirNode } from './nir-graph.ts';
export { type NirInput, type NirOptions, networkOfGraph, readNir } from './read-nir.ts';
export { graphOfNetwork, writeNir } from './write-nir.ts';

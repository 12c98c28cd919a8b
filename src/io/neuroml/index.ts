/** `wetware/io/neuroml`: NeuroML 2 and LEMS networks of point neurons. Loads fast-xml-parser with the first file. */
export type { ReadFile } from './load.ts';
export {
  importNeuroml,
  type NeuromlImport,
  type NeuromlOptions,
  readNeuroml,
} from './read-neuroml.ts';

/**
 * `wetware/io`: opens whatever somebody has as a network, and converts. Readers and their libraries are loaded when a
 * file needs them, so that this entry is small in a page. Single formats, with all their options, are entries of their
 * own: wetware/io/connectome, /sonata, /nir, /neuroml, /scripts; results: wetware/io/results; folders on disk: wetware/io/node.
 */
export {
  type Converted,
  type ConvertOptions,
  convertNetwork,
  documentBytes,
  type OutputFormat,
  outputFormat,
} from './convert.ts';
export { documentFiles } from './document-lists.ts';
export { type FileSource, memorySource } from './file-source.ts';
export { type NetworkFormat, type OpenedNetwork, type OpenOptions, openNetwork } from './open.ts';
export { openZip, writeZip } from './zip.ts';

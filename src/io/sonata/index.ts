/** `wetware/io/sonata`: SONATA circuits read and written, and spikes. h5wasm is loaded by the functions that need it. */
export { type FileSource, memorySource } from '../file-source.ts';
export { readSonata, type SonataNetwork, type SonataOptions } from './read.ts';
export { type WriteSonataOptions, writeSonata } from './write.ts';
export { type PopulationSpikes, spikesToSonata, writeSonataSpikes } from './write-spikes.ts';

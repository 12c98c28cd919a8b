/** What an experiment is called in files of results, and what these are called. Pure. */
import type { NetworkDocument } from '../../index.ts';

/** The network's name in letters that file systems take. */
export const experimentName = ({ name }: Pick<NetworkDocument, 'name'>): string =>
  name.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'network';

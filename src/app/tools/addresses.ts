/** Networks from the page's address: unpacked or fetched, checked as data, long lists kept by reference. */
import { type NetworkDocument, validateDocument } from '../../index.ts';
import { keepArray } from '../state/array-store.ts';
import { detach } from '../state/arrays.ts';
import { unpackDocument } from '../state/packed.ts';
import { fetchDocument } from '../state/remote.ts';
import type { AddressSource } from '../state/url.ts';

export interface AddressCalls {
  /** The document that an address carries or names. Throws NetworkError that says why there is none. */
  readAddressed(
    source: Exclude<AddressSource, { kind: 'example' }>,
    base: string,
  ): Promise<NetworkDocument>;
}

export const addressTools = {
  async readAddressed(
    source: Exclude<AddressSource, { kind: 'example' }>,
    base: string,
  ): Promise<NetworkDocument> {
    const document =
      source.kind === 'net'
        ? await unpackDocument(source.packed)
        : await fetchDocument(source.address, base);
    return detach(validateDocument(document), keepArray);
  },
};

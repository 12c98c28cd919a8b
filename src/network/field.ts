/** Handle on a field of a network under construction: the target of projections. It holds no voxels. */
import type { FieldDocument, SliceReference } from './document.ts';
import { voxelsOf } from './validate-field.ts';

/** A field of a Network. */
export class Field {
  readonly #document: FieldDocument;
  readonly #list: readonly FieldDocument[];

  /** Use Network.field(). */
  constructor(document: FieldDocument, list: readonly FieldDocument[]) {
    this.#document = document;
    this.#list = list;
    Object.freeze(this);
  }

  get name(): string {
    return this.#document.name;
  }

  /** Number of voxels. */
  get size(): number {
    return voxelsOf(this.#document);
  }

  /** How the document refers to it. */
  get reference(): SliceReference {
    return { population: this.name };
  }

  /** Whether it is of the network with that list; for Network. */
  belongsTo(list: readonly FieldDocument[]): boolean {
    return this.#list === list;
  }
}

/** Handle on a field of a network under construction: the target of projections. It holds no voxels. */
import type { FieldDocument, SliceReference } from './document.ts';
import { checkInteger } from './fields.ts';
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

  /** Numbers of the voxels of a layer of constant z, counted from 0. */
  layer(z: number): number[] {
    const [nx = 1, ny = 1, nz = 1] = this.#document.grid;
    checkInteger(z, `Field "${this.name}": z`, 0, nz - 1);
    return Array.from({ length: nx * ny }, (_, k) => z * nx * ny + k);
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

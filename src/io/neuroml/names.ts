/** Ids of NeuroML as names that equations can use. */

/** What synapses and inputs would make into names that cells use: tau_m, tau_w, i_in, … */
const RESERVED = ['gap', 'in', 'K', 'leak', 'm', 'Na', 'offset', 'refrac', 'rev', 'syn', 'w'];

/**
 * Gives every id of a kind a name of its own: "pulse-gen" is pulse_gen, and the next id that would be the same is
 * pulse_gen_2.
 */
export class Names {
  readonly #nameOf = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(id: string, kind: 'channel' | 'synapse' | 'input'): string {
    const key = `${kind} ${id}`;
    const known = this.#nameOf.get(key);
    if (known !== undefined) return known;
    const plain = id.slice(0, 60).replace(/[^A-Za-z0-9_]/g, '_') || 'x';
    // The language reads the ends _pre and _post as sides of a synapse.
    const base = /(_pre|_post|_)$/.test(plain) ? `${plain}0` : plain;
    const isFree = (name: string): boolean =>
      !this.#taken.has(name) && (kind === 'channel' || !RESERVED.includes(name));
    let name = base;
    for (let k = 2; !isFree(name); k++) name = `${base}_${k}`;
    this.#taken.add(name);
    this.#nameOf.set(key, name);
    return name;
  }
}

/** Handle on a projection of a network under construction. It holds no synapses. */
import { NetworkError } from '../errors.ts';
import type { ConnectRule, ProjectionDocument } from './document.ts';
import { refuse } from './fields.ts';
import { plainCopy } from './population.ts';
import { checkConnect, countOf, type RuleEnds } from './validate-connect.ts';
import { checkInitial } from './validate-population.ts';

/** A projection of a Network; `connect` says which pairs of neurons have a synapse. */
export class Projection {
  readonly #model: Omit<ProjectionDocument, 'connect'>;
  readonly #ends: RuleEnds;
  #connect: ConnectRule | null = null;

  /** Use Network.projection(). */
  constructor(model: Omit<ProjectionDocument, 'connect'>, ends: RuleEnds) {
    this.#model = model;
    this.#ends = ends;
    Object.freeze(this);
  }

  /** As the network calls it. */
  get name(): string {
    return this.#model.name;
  }

  /** Makes the synapses, once. Lists may be typed arrays. */
  connect(rule: ConnectRule): this {
    const where = `Projection "${this.name}": connect`;
    if (this.#connect !== null) {
      throw new NetworkError(`${where} was called before. Add another projection instead.`, {
        path: where,
        value: rule,
      });
    }
    const copy = plainCopy(rule);
    checkConnect(copy, where, this.#model, this.#ends);
    const count = countOf(copy, this.#ends.sources, this.#ends.targets);
    checkInitial(this.#model.initial, `Projection "${this.name}"`, count);
    this.#connect = copy;
    return this;
  }

  /** The projection as plain data. Throws NetworkError before `connect`. */
  get document(): ProjectionDocument {
    if (this.#connect === null) {
      refuse(
        `Projection "${this.name}"`,
        'connected',
        undefined,
        'Call .connect({ rule: … }) on it, for example { rule: "fixed-probability", p: 0.1 }.',
      );
    }
    return { ...this.#model, connect: this.#connect };
  }
}

/**
 * Connection rules as calls of Brian 2's connect(), and the Python functions that scripts bring along for rules that
 * connect() does not have. Pairs drawn by them are other ones than ours, from the same distribution.
 */
import type { ConnectRule, ProjectionDocument } from '../../network/document.ts';
import { brianText } from './brian2-texts.ts';
import { pythonList, pythonNumber, pythonText, refuseToWrite } from './python-text.ts';

export interface BrianConnect {
  /** Arguments of connect(). */
  readonly text: string;
  readonly helpers: readonly string[];
}

/** Longest list of pairs that is written out. */
const MOST_PAIRS = 1_000_000;

interface Ends {
  readonly sources: number;
  readonly targets: number;
}

export function brianConnect(projection: ProjectionDocument, ends: Ends): BrianConnect {
  const { connect: rule, source, target, name } = projection;
  const where = `Projection "${name}"`;
  const isSame = source.population === target.population;
  // Indices count within slices: a neuron is itself where they differ by this.
  const shift = isSame ? (source.from ?? 0) - (target.from ?? 0) : null;
  const keepsOut = 'autapses' in rule && rule.autapses === false && shift !== null;
  const itself = shift === null || shift === 0 ? 'i' : `i + ${shift}`;
  const others = keepsOut ? [`condition='${itself} != j'`] : [];
  const called = (parts: readonly string[]): BrianConnect => ({
    text: parts.join(', '),
    helpers: [],
  });
  switch (rule.rule) {
    case 'all-to-all':
      return called(others);
    case 'one-to-one':
      return called([keepsOut ? `condition='i == j and ${itself} != j'` : "j='i'"]);
    case 'fixed-probability':
      return called([...others, `p=${pythonNumber(rule.p)}`]);
    case 'pairwise':
      return called(pairwise(rule, keepsOut ? `${itself} != j` : null, where));
    case 'list':
      if (rule.pre.length > MOST_PAIRS) {
        const remedy = 'Write a SONATA circuit (a folder).';
        refuseToWrite('Brian 2', where, `a list of ${rule.pre.length} pairs is too long`, remedy);
      }
      return called([`i=${pythonList(rule.pre, '    ')}`, `j=${pythonList(rule.post, '    ')}`]);
    case 'voxel':
      return refuseToWrite('Brian 2', where, 'it has no fields');
    default:
      return drawn(rule, ends, keepsOut ? shift : null);
  }
}

function pairwise(
  { condition, p }: Extract<ConnectRule, { rule: 'pairwise' }>,
  apart: string | null,
  where: string,
): string[] {
  const conditions = [
    ...(condition === undefined ? [] : [brianText(condition, where).replace(/\s*\n\s*/g, ' ')]),
    ...(apart === null ? [] : [apart]),
  ];
  const both =
    conditions.length > 1 ? conditions.map((one) => `(${one})`).join(' and ') : conditions[0];
  return [
    ...(both === undefined ? [] : [`condition=${pythonText(both)}`]),
    ...(p === undefined
      ? []
      : [`p=${typeof p === 'number' ? pythonNumber(p) : pythonText(brianText(p, where))}`]),
  ];
}

type Drawn = Extract<
  ConnectRule,
  { rule: 'fixed-in-degree' | 'fixed-out-degree' | 'fixed-total-number' | 'small-world' }
>;

function drawn(rule: Drawn, { sources, targets }: Ends, shift: number | null): BrianConnect {
  const python = (value: boolean): string => (value ? 'True' : 'False');
  if (rule.rule === 'small-world') {
    const { k, p, autapses = false } = rule;
    const text = `**small_world(${sources}, ${k}, ${pythonNumber(p)}, autapses=${python(autapses)})`;
    return { text, helpers: ['small_world'] };
  }
  const multapses = python(rule.multapses !== false);
  const self = shift === null ? '' : `, shift=${shift}`;
  const rest = `multapses=${multapses}${self}`;
  if (rule.rule === 'fixed-total-number') {
    const text = `**total_number(${sources}, ${targets}, ${rule.n}, ${rest})`;
    return { text, helpers: ['total_number'] };
  }
  const name = rule.rule === 'fixed-in-degree' ? 'in_degree' : 'out_degree';
  return {
    text: `**${name}(${sources}, ${targets}, ${rule.k}, ${rest})`,
    helpers: ['partners', name],
  };
}

/** By name, in the order in which they call one another. */
export const HELPERS: ReadonlyMap<string, string> = new Map([
  [
    'within',
    `def within(draw, count, least, most):
    """Values of draw(n), drawn again until they lie between least and most."""
    values = draw(count)
    outside = (values < least) | (values > most)
    while outside.any():
        values[outside] = draw(outside.sum())
        outside = (values < least) | (values > most)
    return values`,
  ],
  [
    'partners',
    `def partners(rows, columns, k, multapses, shift):
    """k of \`columns\` for each of \`rows\`, never row + shift where shift is a number."""
    if multapses:
        chosen = numpy.random.randint(0, columns, (rows, k))
        while shift is not None:
            own = chosen == numpy.arange(rows)[:, None] + shift
            if not own.any():
                break
            chosen[own] = numpy.random.randint(0, columns, own.sum())
        return chosen
    every = numpy.arange(columns)
    return numpy.array([numpy.random.choice(every if shift is None else every[every != row + shift], k, replace=False)
                        for row in range(rows)]).reshape(rows, k)`,
  ],
  [
    'in_degree',
    `def in_degree(sources, targets, k, multapses, shift=None):
    """k sources for every target; shift: what added to a source's number is that of the same neuron as a target."""
    i = partners(targets, sources, k, multapses, None if shift is None else -shift).ravel()
    j = numpy.repeat(numpy.arange(targets), k)
    order = numpy.argsort(i, kind='stable')
    return dict(i=i[order], j=j[order])`,
  ],
  [
    'out_degree',
    `def out_degree(sources, targets, k, multapses, shift=None):
    """k targets for every source."""
    return dict(i=numpy.repeat(numpy.arange(sources), k), j=partners(sources, targets, k, multapses, shift).ravel())`,
  ],
  [
    'total_number',
    `def total_number(sources, targets, n, multapses, shift=None):
    """n pairs drawn uniformly, never a neuron with itself where shift is a number."""
    pairs = numpy.zeros(0, dtype=int)
    while len(pairs) < n:
        more = numpy.random.randint(0, sources * targets, n - len(pairs))
        if shift is not None:
            more = more[more // targets + shift != more % targets]
        pairs = numpy.concatenate([pairs, more])
        if not multapses:
            pairs = pairs[numpy.sort(numpy.unique(pairs, return_index=True)[1])]
    pairs = numpy.sort(pairs)
    return dict(i=pairs // targets, j=pairs % targets)`,
  ],
  [
    'small_world',
    `def small_world(count, k, p, autapses):
    """Neurons on a ring, each with synapses onto the k nearest, moved to a random other target with probability p."""
    i, j = [], []
    for source in range(count):
        targets = [(source + step) % count for step in range(-(k // 2), k // 2 + 1) if step != 0]
        for place in range(k):
            if numpy.random.rand() < p:
                free = [one for one in range(count) if one not in targets and (autapses or one != source)]
                targets[place] = int(numpy.random.choice(free))
        i += [source] * k
        j += targets
    return dict(i=i, j=j)`,
  ],
]);

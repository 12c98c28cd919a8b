/** What expressions of a projection read when the network is built: synapses, neurons at both ends, distances. */
import type { SymbolReference } from '../language/ast.ts';
import { neuronValue } from './populations.ts';
import { distanceOf, isDistance } from './positions.ts';
import type { ProjectionPart } from './projections.ts';
import { type Values, valueAt } from './values.ts';

/** The value of a symbol for synapse `k` from source `pre` to target `post`; `values` are those of the synapses so far. */
export function readSynapse(
  { source, target }: ProjectionPart,
  values: ReadonlyMap<string, Values>,
  symbol: SymbolReference,
  k: number,
  pre: number,
  post: number,
): number {
  const side = 'side' in symbol ? symbol.side : 'synapse';
  if (side === 'pre') return neuronValue(source.part, symbol.name, source.from + pre);
  if (side === 'post') return neuronValue(target.part, symbol.name, target.from + post);
  const known = values.get(symbol.name);
  if (known !== undefined) return valueAt(known, k);
  const isPlaced = source.part.positions !== null && target.part.positions !== null;
  return isPlaced && isDistance(symbol.name)
    ? distanceOf(source.part, target.part, source.from + pre, target.from + post)
    : 0;
}

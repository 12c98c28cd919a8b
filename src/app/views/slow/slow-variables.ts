/** Which slow variables a network has, and who has them: those of one name and unit share a plot. Pure. */
import type { NetworkInfo, VariableInfo } from '../../simulation/protocol.ts';

export interface SlowVariable {
  readonly name: string;
  readonly unit: string;
  /** Populations, projections or fields. */
  readonly owners: readonly string[];
}

export function slowVariables(
  info: Pick<NetworkInfo, 'populations' | 'projections' | 'fields'>,
): SlowVariable[] {
  const found = new Map<string, { name: string; unit: string; owners: string[] }>();
  const take = (owner: string, variables: readonly VariableInfo[]): void => {
    for (const { name, unit, slow, stored } of variables) {
      // Computed ones cannot be read between steps.
      if (!slow || !stored) continue;
      const key = `${name} ${unit}`;
      const entry = found.get(key);
      if (entry) entry.owners.push(owner);
      else found.set(key, { name, unit, owners: [owner] });
    }
  };
  for (const { name, variables } of info.populations) take(name, variables);
  for (const { name, variables } of info.fields) take(name, variables);
  for (const { name, variables } of info.projections) take(name, variables);
  return [...found.values()];
}

export const hasSlowVariables = (info: NetworkInfo): boolean => slowVariables(info).length > 0;

/** All networks of this folder, by the name of the script in tests/brian2. */
import type { Brian2Cases } from './case.ts';
import { integratorCases } from './integrators.ts';
import { languageCases } from './language.ts';
import { networkCases } from './networks.ts';
import { refractoryCases } from './refractory.ts';
import { synapseCases } from './synapses.ts';

export const cases: Brian2Cases = {
  ...refractoryCases,
  ...integratorCases,
  ...languageCases,
  ...synapseCases,
  ...networkCases,
};

/**
 * The four transmitters as data: what a vesicle holds, the pulse that receptors see, how it is cleared and how it spreads,
 * each number with where it is from; and what of it models of clefts, receptors and fields need. Profiles do not mix.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';

/** What a number rests on: a publication or its code, or the order of magnitude that the literature gives. */
export interface ProfileValue {
  readonly value: string;
  /** Author and year, or "order of magnitude". */
  readonly source: string;
  /** Whether it should be looked up again before it is quoted. */
  readonly isUncertain?: boolean;
}

/** A transmitter; a number that has no meaning for it is absent. */
export interface TransmitterProfile {
  readonly title: string;
  /** Molecules of a vesicle. */
  readonly vesicle: ProfileValue;
  /** Concentration inside a vesicle. */
  readonly vesicleConcentration?: ProfileValue;
  /** The pulse in the cleft: height, and length or decay. */
  readonly cleftPeak?: ProfileValue;
  readonly cleftDecay?: ProfileValue;
  /** First-order clearance. */
  readonly clearance?: ProfileValue;
  /** Transporters or enzyme: largest rate and concentration of half rate. */
  readonly uptakeMax?: ProfileValue;
  readonly uptakeHalf?: ProfileValue;
  /** Whether these are in clefts only, so that a field has first-order clearance alone. */
  readonly isUptakeInCleft?: boolean;
  /** Free diffusion coefficient. */
  readonly diffusion: ProfileValue;
}

const published = (value: string, source: string): ProfileValue => ({ value, source });
const order = (value: string, source = 'order of magnitude'): ProfileValue => ({
  value,
  source,
  isUncertain: true,
});

/** The profiles of glutamate, GABA, dopamine and acetylcholine. */
export const transmitters = {
  glutamate: {
    title: 'Glutamate',
    vesicle: order('4000', 'order of magnitude, 3000 to 5000'),
    vesicleConcentration: published('60 mM', 'Montana et al. 2006'),
    cleftPeak: order('1.1 mM', 'Clements et al. 1992'),
    cleftDecay: order('1.2 ms', 'Clements et al. 1992'),
    clearance: published(
      '40 1/second',
      'De Pittà & Brunel 2016, mean over the extracellular space',
    ),
    uptakeMax: order('20 uM/ms', 'first order in 1 ms near the synapse, times the half rate'),
    uptakeHalf: order('20 uM', 'EAAT'),
    diffusion: order('0.33 um**2/ms', 'order of magnitude, 0.33 to 0.76'),
  },
  gaba: {
    title: 'GABA',
    vesicle: order('4000', 'as glutamate'),
    cleftPeak: order('1 mM', 'order of magnitude, 0.5 to 1'),
    cleftDecay: order('1 ms'),
    uptakeMax: order('10 uM/ms', 'first order in 1 ms near the synapse, times the half rate'),
    uptakeHalf: order('10 uM', 'GAT'),
    diffusion: order('0.33 um**2/ms', 'as glutamate'),
  },
  dopamine: {
    title: 'Dopamine, dorsal striatum',
    vesicle: published('3000', 'Ejdrup et al. 2024'),
    clearance: published('0.04 1/second', 'NET and COMT, the published class of Dreyer'),
    uptakeMax: published('4.1 uM/second', 'Ejdrup et al. 2024: 4 to 6 dorsal, 2 ventral'),
    uptakeHalf: published('0.21 uM', 'Ejdrup et al. 2024'),
    diffusion: published('0.763 um**2/ms', 'Ejdrup et al. 2024'),
  },
  acetylcholine: {
    title: 'Acetylcholine',
    vesicle: published('10000', 'ModelDB 18198; 6000 in a model of the splanchnic nerve'),
    cleftPeak: order('1 mM', 'neuromuscular junction; nanomolar in the brain'),
    cleftDecay: order('0.3 ms', 'neuromuscular junction'),
    uptakeMax: published(
      '12.7 mM/ms',
      'esterase, 16.9/ms times 750 uM: model of the splanchnic nerve',
    ),
    uptakeHalf: published('85 uM', 'esterase: model of the splanchnic nerve'),
    isUptakeInCleft: true,
    clearance: order('3.3 1/second', 'decay of 300 ms around interneurons, Snudda'),
    diffusion: order('0.4 um**2/ms', 'order of magnitude, 0.4 to 0.6'),
  },
} as const satisfies Readonly<Record<string, TransmitterProfile>>;

/** Name of a profile. */
export type TransmitterName = keyof typeof transmitters;

function profileOf(name: TransmitterName, where: string): TransmitterProfile {
  if (typeof name !== 'string') {
    throw new TypeError(
      `${where}: transmitter must be a name such as "dopamine", got ${describeValue(name)}.`,
    );
  }
  if (Object.hasOwn(transmitters, name)) return transmitters[name];
  const known = Object.keys(transmitters);
  const meant = suggest(name, known);
  throw new NetworkError(
    `${where}: unknown transmitter "${name}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Known: ${listNames(known, 10)}`,
    { path: where, value: name },
  );
}

/** What `cleftOf` gives: parameters of the model `cleft`. */
export interface CleftValues {
  readonly k_clear: string;
  readonly vmax_uptake: string;
  readonly km_uptake: string;
}

/**
 * Clearance of a transmitter, as parameters of `models.cleft`: transporters or enzyme, beside first order where it has one.
 *
 *     models.cleft.with(cleftOf('glutamate'))
 */
export function cleftOf(transmitter: TransmitterName): CleftValues {
  const { clearance, uptakeMax, uptakeHalf } = profileOf(transmitter, 'cleftOf');
  return {
    k_clear: clearance?.value ?? '0 1/second',
    vmax_uptake: uptakeMax?.value ?? '0 uM/ms',
    km_uptake: uptakeHalf?.value ?? '1 uM',
  };
}

/** What `fieldOf` gives: options of `Network.field` but grid, spacing and clock. */
export interface TransmitterField {
  readonly eqs: string;
  readonly diffusion: Readonly<Record<'C', string>>;
  readonly tortuosity: number;
  readonly volumeFraction: number;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * A field of a transmitter: diffusion through extracellular space (tortuosity 1.54, volume fraction 0.21), uptake that
 * saturates, and first-order clearance.
 *
 *     dC/dt = D* ∇²C - vmax_uptake C/(km_uptake + C) - k_clear C
 *
 *     net.field('dopamine', { ...fieldOf('dopamine'), grid: [16, 16, 8], spacing: '10 um', every: '10 ms' })
 *
 * Its variable is C. Esterase is not part of it: that of a neuromuscular cleft would leave nothing. The parameters can be changed while it runs.
 */
export function fieldOf(transmitter: TransmitterName): TransmitterField {
  const profile = profileOf(transmitter, 'fieldOf');
  const params = cleftOf(transmitter);
  return {
    eqs: 'dC/dt = -vmax_uptake*C/(km_uptake + C) - k_clear*C : mM',
    diffusion: { C: profile.diffusion.value },
    tortuosity: 1.54,
    volumeFraction: 0.21,
    params:
      profile.isUptakeInCleft === true ? { ...params, vmax_uptake: '0 uM/ms' } : { ...params },
  };
}

/** What `releaseOf` gives: options of a projection onto a field. */
export interface FieldRelease {
  readonly onPre: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * Release of a transmitter into a field, as options of a projection: every spike puts `release` vesicles (their mean number,
 * default 1) into the voxel.
 *
 *     net.projection('release', terminals, field, releaseOf('dopamine', 0.06)).connect({ rule: 'voxel' })
 */
export function releaseOf(transmitter: TransmitterName, release = 1): FieldRelease {
  const { vesicle } = profileOf(transmitter, 'releaseOf');
  if (typeof release !== 'number' || !(release >= 0 && release < 1e6)) {
    throw new NetworkError(
      `releaseOf: release must be a number of vesicles from 0 on, got ${describeValue(release)}.`,
      { path: 'releaseOf', value: release },
    );
  }
  return {
    onPre: 'C += release*molecules/avogadro_constant/voxel_volume/volume_fraction',
    params: { release, molecules: Number(vesicle.value) },
  };
}

/** Colours and dashes of curves: inhibitory populations are dashed, so that colour is never the only cue. */
import { type PopulationStyle, stylesOf } from '../../colours.ts';
import type { PopulationInfo } from '../../simulation/protocol.ts';

export interface CurveLook extends PopulationStyle {
  readonly dash: readonly number[] | null;
}

/** Of the first, second, … round through the colours of a kind. */
const DASHES: Readonly<Record<PopulationStyle['mark'], readonly (readonly number[] | null)[]>> = {
  '▲': [null, [14, 3], [14, 3, 2, 3]],
  '●': [
    [6, 4],
    [2, 3],
    [6, 3, 2, 3],
  ],
};
const COLOURS_OF_A_KIND = 4;

export function looksOf(populations: readonly PopulationInfo[], dark: boolean): CurveLook[] {
  const used = { '▲': 0, '●': 0 };
  return stylesOf(populations, dark).map((style) => {
    const round = Math.floor(used[style.mark]++ / COLOURS_OF_A_KIND);
    const dashes = DASHES[style.mark];
    return { ...style, dash: dashes[round % dashes.length] ?? null };
  });
}

/** Colours of single neurons, in the order of picking: Okabe–Ito, darkened on white until they can be told from it. */
const NEURONS = {
  dark: ['#56B4E9', '#E69F00', '#2FBF95', '#F0E442', '#E58FBE', '#F0803C', '#9DB4FF', '#E6EDF3'],
  light: ['#0072B2', '#B07800', '#007A57', '#8A8000', '#B0528C', '#C25400', '#4A5FC1', '#17202A'],
};

export const neuronColours = (dark: boolean): readonly string[] =>
  dark ? NEURONS.dark : NEURONS.light;

/** Beside the colour, in the same order. */
export const NEURON_DASHES: readonly (readonly number[] | null)[] = [
  null,
  [7, 3],
  [2, 3],
  [12, 3],
  [7, 3, 2, 3],
  [4, 4],
  [12, 3, 2, 3],
  [1, 2],
];

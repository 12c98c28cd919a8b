/**
 * Colour and mark of each population: hue says excitatory (Okabe–Ito blue) or inhibitory (vermillion), lightness the
 * order, and a triangle or circle repeats the kind for those who do not see the hue. Not a theme: the page's own
 * colours are in style.css.
 */

export interface PopulationStyle {
  /** CSS colour. */
  readonly colour: string;
  /** The same as 0…255 numbers, for pixels. */
  readonly rgb: readonly [number, number, number];
  readonly mark: '▲' | '●';
}

const DARK = {
  excitatory: ['#56B4E9', '#2E9BDB', '#8CCBF0', '#1F86C4'],
  inhibitory: ['#F0803C', '#D55E00', '#F5A57A', '#E0701F'],
};
const LIGHT = {
  excitatory: ['#0072B2', '#2A8FCB', '#005A8C', '#3C7FA6'],
  inhibitory: ['#D55E00', '#B04E00', '#E07B2E', '#8F4000'],
};

/** Names in the literature end in I, inh or interneuron for inhibitory populations; all else counts as excitatory. */
const isInhibitory = (name: string): boolean =>
  /(^|[^a-z])(i|inh\w*)$|I$|inhib/i.test(name) && !/E$/.test(name);

/** A population by its name, and what it does to others where that is known. */
export interface StyledPopulation {
  readonly name: string;
  readonly sign?: 'excitatory' | 'inhibitory' | null;
}

/** Names count where nothing else is known; a population of both kinds counts as excitatory. */
export function stylesOf(
  populations: readonly (string | StyledPopulation)[],
  dark: boolean,
): PopulationStyle[] {
  const palette = dark ? DARK : LIGHT;
  const used = { excitatory: 0, inhibitory: 0 };
  return populations.map((population) => {
    const { name, sign }: StyledPopulation =
      typeof population === 'string' ? { name: population } : population;
    const kind = sign ?? (isInhibitory(name) ? 'inhibitory' : 'excitatory');
    const colours = palette[kind];
    const colour = colours[used[kind]++ % colours.length] as string;
    return { colour, rgb: rgbOf(colour), mark: kind === 'inhibitory' ? '●' : '▲' };
  });
}

export function rgbOf(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

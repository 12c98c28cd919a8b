/** Figures: rates against counts by hand, marks where the spikes are, names as text. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { bandsOf } from '../../../../src/app/share/figure/bands.ts';
import { captionOf, interval, wrapped } from '../../../../src/app/share/figure/caption.ts';
import { binFor, type FigureData, ratesOf } from '../../../../src/app/share/figure/data.ts';
import { densityPixels } from '../../../../src/app/share/figure/density.ts';
import { pythonFigure } from '../../../../src/app/share/figure/python.ts';
import { figureSvg, WIDTHS_MM } from '../../../../src/app/share/figure/svg.ts';

const populations = [
  { name: 'E', size: 80, first: 0 },
  { name: 'I', size: 20, first: 80 },
];
const time = { fromMs: 100, toMs: 200, dtMs: 0.1 };
const steps = Uint32Array.of(1000, 1005, 1500, 1500, 1999, 2500);
const neurons = Uint32Array.of(0, 79, 80, 99, 40, 1);
const data: FigureData = {
  ...time,
  populations,
  steps,
  neurons,
  rates: ratesOf({ steps, neurons }, populations, time),
  traces: [
    {
      population: 'E',
      variable: 'v',
      unit: 'mV',
      neurons: [0],
      timesMs: Float64Array.of(100, 150, 200),
      values: [Float64Array.of(-65, -50, -60)],
    },
  ],
};
const options = { widthMm: 85, raster: true, rates: true, traces: true, caption: 'A caption.' };

describe('rates', () => {
  it('are spikes per bin, second and neuron', () => {
    const { binMs, hz, timesMs } = data.rates;
    expect(binMs).toBeCloseTo(1, 10);
    expect(timesMs).toHaveLength(100);
    expect(timesMs[0]).toBeCloseTo(100.5, 10);
    // Two spikes in the first millisecond, of 80 neurons.
    expect(hz[0]?.[0]).toBeCloseTo((2 * 1000) / 80, 10);
    expect(hz[1]?.[50]).toBeCloseTo((2 * 1000) / 20, 10);
    // What lies outside does not count.
    expect(hz[0]?.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo((3 * 1000) / 80, 10);
  });

  it('have bins of 1, 2 or 5 times a power of ten, whole steps, and none that is cut', () => {
    expect(binFor(1000, 0.1)).toBeCloseTo(10, 10);
    expect(binFor(300, 0.1)).toBeCloseTo(2, 10);
    expect(binFor(1, 0.1)).toBeCloseTo(0.1, 10);
    const cut = ratesOf({ steps, neurons }, populations, { ...time, toMs: 199.95 });
    expect(cut.timesMs).toHaveLength(99);
  });
});

describe('a figure', () => {
  const svg = figureSvg(data, options, null);
  const parsed = (text: string) =>
    new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(text);

  it.each(WIDTHS_MM)('is well-formed and %i mm wide', (widthMm) => {
    const text = figureSvg(data, { ...options, widthMm }, null);
    expect(XMLValidator.validate(text)).toBe(true);
    const { width, viewBox } = parsed(text).svg;
    expect(width).toBe(`${widthMm}mm`);
    // A point is 25.4/72 mm: text of 6 and 7 is of 6 and 7 points in print.
    expect(Number(viewBox.split(' ')[2])).toBeCloseTo((widthMm * 72) / 25.4, 1);
  });

  it('has a mark for each spike of the interval, in the colour of its population', () => {
    const ticks = (colour: string): number =>
      [...svg.matchAll(/<path d="([^"]*)" stroke="([^"]*)" stroke-width="0.4"/g)]
        .filter(([, , stroke]) => stroke === colour)
        .reduce((sum, [, path = '']) => sum + (path.match(/M/g)?.length ?? 0), 0);
    expect(ticks('#0072B2')).toBe(3);
    expect(ticks('#D55E00')).toBe(2);
  });

  it('says time, units, names and its caption as text', () => {
    for (const words of [
      'time (ms)',
      'rate (spikes/s)',
      'v of E (mV)',
      '>E<',
      '>I<',
      'A caption.',
    ]) {
      expect(svg).toContain(words);
    }
    expect(svg).toContain('<desc>A caption.</desc>');
  });

  it('shows names of people as text, whatever they are', () => {
    const evil = '</text><script>alert(1)</script>&"\'';
    const named = {
      ...data,
      populations: [{ ...populations[0], name: evil }, populations[1]] as never,
    };
    const text = figureSvg(named, { ...options, widthMm: 174, caption: evil }, null);
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).not.toContain('<script');
    expect(parsed(text).svg.script).toBeUndefined();
  });

  it('holds an image in place of marks when there is one', () => {
    const text = figureSvg(data, options, 'data:image/png;base64,AAAA');
    expect(text).toContain('href="data:image/png;base64,AAAA"');
    expect(text).not.toContain('stroke-width="0.4"');
  });

  it('leaves out what is not wanted', () => {
    const bare = figureSvg(data, { ...options, rates: false, traces: false, caption: '' }, null);
    expect(bare).not.toContain('rate (spikes/s)');
    expect(bare).not.toContain('v of E');
    expect(bare).toContain('time (ms)');
  });
});

describe('many spikes', () => {
  it('are pixels where they happened, darker where there are more', () => {
    const bands = [
      { top: 0, height: 80 },
      { top: 80, height: 20 },
    ];
    const many = {
      ...data,
      steps: Uint32Array.of(1000, 1500, 1500, 1500),
      neurons: Uint32Array.of(0, 90, 90, 90),
    };
    const pixels = densityPixels(
      many,
      bands,
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      100,
      100,
    );
    const at = (x: number, y: number): number => pixels[(y * 100 + x) * 4] as number;
    expect(at(0, 0)).toBeLessThan(200);
    expect(at(50, 90)).toBeLessThan(at(0, 0));
    expect(at(50, 10)).toBe(255);
    expect(at(99, 99)).toBe(255);
  });
});

describe('around it', () => {
  it('bands fill the height, and small populations are seen', () => {
    const bands = bandsOf(populations, 100, 2);
    expect(bands[1]?.top).toBeCloseTo((bands[0]?.height ?? 0) + 2, 10);
    const last = bands.at(-1) as { top: number; height: number };
    expect(last.top + last.height).toBeCloseTo(100, 10);
    const tiny = bandsOf(
      [
        { name: 'a', size: 100_000, first: 0 },
        { name: 'b', size: 1, first: 100_000 },
      ],
      100,
      0,
    );
    expect(tiny[1]?.height).toBeGreaterThan(5);
  });

  it('the caption says what one needs to make it again', () => {
    const caption = captionOf({
      model: 'CUBA.',
      citation: 'Brette 2007',
      neurons: 4000,
      synapses: 320_000,
      dtMs: 0.1,
      seed: 3,
      fromMs: 0,
      toMs: 500,
      spikes: 25_000,
      binMs: 5,
      version: '1.2.3',
      engine: 'gpu',
      adapter: 'some GPU',
      isImage: true,
    });
    expect(caption).toBe(
      'CUBA. 4,000 neurons, 320,000 synapses; time step 0.1 ms, seed 3. Shown: 0 to 500 ms, 25,000 spikes, rates in bins of 5 ms. Spikes are drawn as an image, darker where several coincide. wetware 1.2.3, WebGPU (some GPU). Model: Brette 2007.',
    );
    expect(interval(9000, 12_500)).toBe('9 to 12.5 s');
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('names are data in the Python script too', () => {
    const script = pythonFigure('x', 85, 'a"\\\n"; import os #💥');
    expect(script).toContain('CAPTION = "a\\"\\\\\\n\\"; import os #\\U0001f4a5"');
  });
});

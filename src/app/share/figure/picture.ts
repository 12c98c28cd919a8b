/** From a figure to pictures: the image of a raster with many spikes, and PNGs of the whole. Needs a browser. */
import { rgbOf, stylesOf } from '../../colours.ts';
import type { FigureData } from './data.ts';
import { densityPixels } from './density.ts';
import { MOST_TICKS, rasterArea } from './svg.ts';

/** Pixels of a raster's image for each point: 300 dpi. */
const FINE = 300 / 72;

/** A data address of the raster as PNG; null when the spikes are few enough to be drawn one by one. */
export async function rasterImage(data: FigureData, widthMm: number): Promise<string | null> {
  if (data.steps.length <= MOST_TICKS) return null;
  const area = rasterArea(data, widthMm);
  const width = Math.round(area.width * FINE);
  const height = Math.round(area.height * FINE);
  const bands = area.bands.map((band) => ({ top: band.top * FINE, height: band.height * FINE }));
  const colours = stylesOf(data.populations, false).map(({ colour }) => rgbOf(colour));
  const pixels = densityPixels(data, bands, colours, width, height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return addressOf(await canvas.convertToBlob({ type: 'image/png' }));
}

const addressOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/** Pixels of a width at a factor, 1 being the 96 dpi of screens. */
export const pixelsOf = (widthMm: number, factor: number): number =>
  Math.round((widthMm / 25.4) * 96 * factor);

/** The figure drawn anew at that size, not enlarged. */
export async function pngOf(svg: string, widthMm: number, factor: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const width = pixelsOf(widthMm, factor);
    const height = Math.round((image.naturalHeight / image.naturalWidth) * width);
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

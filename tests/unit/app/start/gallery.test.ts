/**
 * Every example has a picture in the gallery, drawn from a run. After a change that is meant,
 * `UPDATE_PICTURES=1 npx vitest run tests/unit/app/start/gallery` draws them anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examples } from '../../../../src/examples/index.ts';
import { galleryPicture } from '../../../support/gallery-pictures.ts';

const FOLDER = 'src/app/start/pictures';
/** Drawn by hand of the update only: a second of millions of synapses is not for every test run. */
const LARGE = ['flywire-like'];

const drawable = Object.values(examples).filter(({ needsData }) => !needsData);

describe('pictures of the gallery', () => {
  it.each(drawable.map((example) => [example.name, example] as const))(
    '%s',
    async (name, example) => {
      const isUpdate = process.env.UPDATE_PICTURES === '1';
      const file = `${FOLDER}/${name}.svg`;
      if (isUpdate || !LARGE.includes(name)) {
        const drawn = await galleryPicture(example);
        if (isUpdate) writeFileSync(file, drawn);
        expect(drawn).not.toContain('NaN');
        expect(drawn).toBe(readFileSync(file, 'utf8'));
      }
      const kept = readFileSync(file, 'utf8');
      expect(kept.length).toBeLessThan(20_000);
      expect(kept.match(/M/g)?.length ?? 0).toBeGreaterThan(0);
    },
  );

  it('has none without an example', () => {
    const names = readdirSync(FOLDER).map((file) => file.replace('.svg', ''));
    expect(names.filter((name) => !drawable.some((example) => example.name === name))).toEqual([]);
  });
});

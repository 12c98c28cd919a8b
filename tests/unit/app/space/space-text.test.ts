/** The look of Space in links: there and back, and nonsense is refused. */
import { describe, expect, it } from 'vitest';
import type { SpaceLook } from '../../../../src/app/state/project.ts';
import { readSpaceText, spaceText } from '../../../../src/app/state/space-text.ts';
import { DEFAULT_LOOK } from '../../../../src/app/views/space/look.ts';

const LOOK: SpaceLook = {
  camera: { yaw: -0.5, pitch: 0.25, zoom: 1.75, centre: [389.2, -12, 97.25] },
  colour: 'v:;, ü',
  map: 'cividis',
  fadeMs: 120,
  size: 2.5,
  hidden: ['a,b', 'L2/3 E'],
};

describe('links', () => {
  it('leave out what is as by default', () => {
    expect(spaceText(undefined)).toBe('');
    expect(spaceText(DEFAULT_LOOK)).toBe('');
    expect(spaceText({ ...DEFAULT_LOOK, colour: 'v' })).toBe('colour:v');
  });

  it('give back what was put in', () => {
    expect(readSpaceText(spaceText(LOOK))).toEqual(LOOK);
    const camera = { yaw: 1, pitch: 0, zoom: 2, centre: [1, 2, 3] as const };
    const turned = { ...DEFAULT_LOOK, camera };
    expect(readSpaceText(spaceText(turned))).toEqual(turned);
    expect(readSpaceText('fade:100')).toEqual({ ...DEFAULT_LOOK, fadeMs: 100 });
  });

  it.each([
    'x',
    'turn:1',
    'turn:1,2;at:1,2',
    'turn:a,2;at:1,2,3',
    'fade:',
    'size:huge',
    'map:jet',
    'colour:%zz',
    'a:b:c',
  ])('%s is refused', (text) => {
    expect(readSpaceText(text)).toBeNull();
  });
});

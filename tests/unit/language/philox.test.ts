/** The generator against the known-answer vectors published with Random123 (Salmon et al. 2011). */
import { describe, expect, it } from 'vitest';
import { drawWord, philox, streamOf, uniformOf } from '../../../src/language/philox.ts';

const words = (counter: readonly number[], key: readonly number[]): string => {
  const out = new Uint32Array(4);
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  philox(c0, c1, c2, c3, key[0] ?? 0, key[1] ?? 0, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
};

describe('philox4x32-10', () => {
  it('gives the published words', () => {
    const ones = 0xffffffff;
    expect(words([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(words([ones, ones, ones, ones], [ones, ones])).toBe(
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    );
    expect(words([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });

  it('addresses draws four to a block', () => {
    const block = new Uint32Array(4);
    philox(7, 11, 1, 0, 3, 5, block);
    expect([4, 5, 6, 7].map((draw) => drawWord(3, 5, 7, 11, draw))).toEqual([...block]);
  });

  it('maps words to [0, 1) exactly and names to distinct streams', () => {
    expect(uniformOf(0xffffffff)).toBe(1 - 2 ** -24);
    expect(uniformOf(0)).toBe(0);
    expect(streamOf('population', 'exc')).not.toBe(streamOf('initial', 'exc'));
  });
});

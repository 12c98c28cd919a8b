/** Damaged copies of files, reproducible: for tests of readers. */

/** Pseudo-random numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Truncates, flips bits, sets bytes, copies a part over another, inserts, cuts out, or writes an extreme number. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = (): number => Math.floor(random() * bytes.length);
  const copy = bytes.slice();
  switch (Math.floor(random() * 8)) {
    case 0:
      return bytes.slice(0, at());
    case 1:
      for (let k = 0; k <= random() * 4; k++) copy[at()] = Math.floor(random() * 256);
      return copy;
    case 2: {
      const place = at();
      copy[place] = (copy[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      return copy;
    }
    case 3: {
      const length = Math.floor(random() * 64);
      copy.set(bytes.subarray(at()).subarray(0, length).slice(0, bytes.length), 0);
      return copy;
    }
    case 4: {
      const from = at();
      const part = bytes.subarray(from, from + Math.floor(random() * 200));
      const to = Math.min(at(), bytes.length - part.length);
      copy.set(part, to);
      return copy;
    }
    case 5: {
      const place = at();
      const extra = bytes.subarray(at()).subarray(0, Math.floor(random() * 100));
      const all = new Uint8Array(bytes.length + extra.length);
      all.set(bytes.subarray(0, place));
      all.set(extra, place);
      all.set(bytes.subarray(place), place + extra.length);
      return all;
    }
    case 6: {
      const place = at();
      const end = place + Math.floor(random() * 100);
      const all = new Uint8Array(bytes.length - Math.min(end, bytes.length) + place);
      all.set(bytes.subarray(0, place));
      all.set(bytes.subarray(end), place);
      return all;
    }
    default: {
      const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000000];
      const value = extremes[Math.floor(random() * extremes.length)] ?? 0;
      if (bytes.length >= 4) {
        const place = Math.min(at(), bytes.length - 4);
        new DataView(copy.buffer).setUint32(place, value, random() < 0.8);
      }
      return copy;
    }
  }
}

/** Texts that are nearly addresses, the same in every run. */

/** Park and Miller's generator: 0 … 1. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const PIECES = [
  '&',
  '=',
  '#',
  '%',
  '%00',
  '%E0%A4',
  '__proto__=1',
  'constructor=x',
  '<script>alert(1)</script>',
  'seed=-1',
  'window=NaN',
  'probes=:',
  'net=',
  '\u0000',
  '\ud800',
  '💥',
  '_hide=true',
];

/** Changes a text in one to four places: characters, cuts, doubled parts, pieces that mean something. */
export function mutate(random: () => number, text: string): string {
  let changed = text;
  const times = 1 + Math.floor(random() * 4);
  for (let k = 0; k < times; k++) {
    const at = Math.floor(random() * (changed.length + 1));
    const kind = Math.floor(random() * 4);
    if (kind === 0) {
      changed = `${changed.slice(0, at)}${String.fromCharCode(random() * 300)}${changed.slice(at + 1)}`;
    } else if (kind === 1) changed = changed.slice(0, at);
    else if (kind === 2) changed += changed.slice(at, at + 40);
    else {
      const piece = PIECES[Math.floor(random() * PIECES.length)] as string;
      changed = `${changed.slice(0, at)}${piece}${changed.slice(at)}`;
    }
  }
  return changed;
}

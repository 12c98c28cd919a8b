/** Titles and notes of examples in the pieces that a card shows. */

/** The title up to its colon is the name; what follows says what it is. */
export function splitTitle(title: string): readonly [name: string, what: string] {
  const at = title.indexOf(': ');
  return at < 0 ? [title, ''] : [title.slice(0, at), title.slice(at + 2)];
}

export const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;

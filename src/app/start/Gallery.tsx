/** The examples to begin with: a picture, a title, a sentence, and how large they are; one click opens one. */
import { useEffect, useState } from 'preact/hooks';
import './gallery.css';
import { useApp } from '../shell/context.ts';
import { exampleProject } from '../state/project.ts';
import { callTool } from '../tools/client.ts';
import type { ExampleCard } from '../tools/examples.ts';
import { firstSentence, splitTitle } from './titles.ts';

const pictures: Readonly<Record<string, string>> = import.meta.glob('./pictures/*.svg', {
  query: '?url',
  import: 'default',
  eager: true,
});

export default function Gallery() {
  const [cards, setCards] = useState<readonly ExampleCard[] | null>(null);
  const [failure, setFailure] = useState('');
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    callTool('exampleCards', []).then(setCards, (error: unknown) => setFailure(String(error)));
  }, []);
  if (failure !== '') return <p role="alert">The examples could not be loaded: {failure}</p>;
  if (cards === null) return <p class="quiet">Loading the examples…</p>;
  const shown = cards.filter((card) => matches(card, wanted));
  return (
    <>
      <label class="gallery-search">
        Search{' '}
        <input
          type="search"
          value={wanted}
          placeholder="cortex, dopamine, fly, …"
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </label>
      {shown.length === 0 && <p class="quiet">No example has these words.</p>}
      <ul class="gallery">
        {shown.map((card) => (
          <li key={card.name}>
            <Card card={card} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function matches(card: ExampleCard, wanted: string): boolean {
  const text = `${card.name} ${card.title} ${card.citation} ${card.note}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Card({ card }: { card: ExampleCard }) {
  const app = useApp();
  const [name, what] = splitTitle(card.title);
  const picture = pictures[`./pictures/${card.name}.svg`];
  const open = (): void => {
    if (card.needs !== null) {
      app.sheet.value = 'open';
      return;
    }
    app.open(exampleProject(card.name));
    app.sheet.value = '';
  };
  return (
    <button type="button" class="card" data-example={card.name} onClick={open}>
      {picture === undefined ? (
        <span class="card-files">your files</span>
      ) : (
        <img src={picture} alt="" width={240} height={108} loading="lazy" />
      )}
      <strong>{name}</strong>
      <span class="small">{what}</span>
      <span class="small quiet">
        {card.needs === null ? firstSentence(card.note) : `Needs files: ${filesOf(card)}.`}
      </span>
    </button>
  );
}

const filesOf = (card: ExampleCard): string =>
  Object.keys(card.needs?.files ?? {})
    .slice(0, 2)
    .join(', ');

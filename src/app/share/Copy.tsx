/** A text to take along: shown whole, selected by a click, with a button that copies it. */
import { useState } from 'preact/hooks';

export function Copy({ label, text, id }: { label: string; text: string; id: string }) {
  const [said, setSaid] = useState('');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser does not allow copying here: select the text and copy it.'),
    );
  };
  return (
    <div class="copy">
      <textarea
        id={id}
        aria-label={label}
        readOnly
        rows={text.includes('\n') ? Math.min(8, text.split('\n').length + 2) : 2}
        value={text}
        spellcheck={false}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <button type="button" onClick={copy}>
        Copy
      </button>
      <span class="small quiet" role="status">
        {said}
      </span>
    </div>
  );
}

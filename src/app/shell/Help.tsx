/** Keys of the page. */
const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['.', 'one time step'],
  ['+ and −', 'zoom in time'],
  ['← and →', 'move in time'],
  ['0', 'the whole window, following the run'],
  ['Ctrl+Z, Ctrl+Shift+Z', 'undo, redo'],
  ['?', 'this list'],
  ['Esc', 'close what is open'],
];

export default function Help() {
  return (
    <dl class="keys">
      {KEYS.map(([key, what]) => (
        <div key={key} class="keys-row">
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

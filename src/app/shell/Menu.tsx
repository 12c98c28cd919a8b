/** A button that opens a short list of actions; closes on choice, Esc and when the focus leaves. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface MenuProps {
  readonly title: string;
  readonly items: readonly { readonly title: string; readonly act: () => void }[];
  /** What the button shows; the title when left out. */
  readonly children?: ComponentChildren;
}

export function Menu({ title, items, children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLFieldSetElement>(null);
  const close = (): void => setOpen(false);
  const move = (by: number): void => {
    const buttons = [...(root.current?.querySelectorAll<HTMLElement>('.menu-list button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    <fieldset
      class="menu"
      aria-label={title}
      ref={root}
      onFocusOut={(event) => {
        if (!root.current?.contains(event.relatedTarget as Node | null)) close();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
        else if (event.key === 'ArrowDown') {
          setOpen(true);
          requestAnimationFrame(() => move(1));
        } else if (event.key === 'ArrowUp') move(-1);
        else return;
        event.stopPropagation();
        event.preventDefault();
      }}
    >
      <button
        type="button"
        aria-haspopup="true"
        aria-expanded={isOpen}
        aria-label={title}
        onClick={() => setOpen(!isOpen)}
      >
        {children ?? `${title} ▾`}
      </button>
      {isOpen && (
        <div class="menu-list">
          {items.map((item) => (
            <button
              key={item.title}
              type="button"
              onClick={() => {
                close();
                item.act();
              }}
            >
              {item.title}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

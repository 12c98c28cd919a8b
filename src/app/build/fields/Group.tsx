/** A titled group of fields. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface GroupProps {
  readonly title: string;
  /** What a change does: "change while it runs". */
  readonly note?: string;
  /** Nothing inside: then it is not shown. */
  readonly isEmpty?: boolean;
  readonly children: ComponentChildren;
}

export function Group({ title, note, isEmpty = false, children }: GroupProps) {
  const id = useId();
  if (isEmpty) return null;
  return (
    <section class="group" aria-labelledby={id}>
      <h3 id={id}>
        {title}
        {note && <span class="group-note">{note}</span>}
      </h3>
      {children}
    </section>
  );
}

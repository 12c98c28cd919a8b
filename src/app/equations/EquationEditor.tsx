/** The texts of a population, projection or field, as somebody edits them. */
import { useApp } from '../shell/context.ts';
import type { Selection } from '../state/app.ts';
import { textsOf } from './texts.ts';

export default function EquationEditor({ owner }: { owner: Selection }) {
  const app = useApp();
  const { document } = app.project.value;
  if (!document) return null;
  return (
    <div class="equations">
      {textsOf(document, owner).map(({ key, title, text }) => (
        <div key={key}>
          <h4>{title}</h4>
          <pre>{text}</pre>
        </div>
      ))}
    </div>
  );
}

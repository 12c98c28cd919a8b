/** What went wrong and what to do about it; the words are in failures.ts. */
import { useApp } from './context.ts';
import { explainFailure } from './failures.ts';

export function Failed() {
  const app = useApp();
  const failure = app.session.failure.value;
  // A wrong address is said by BadAddress.tsx.
  if (!failure || failure.message === app.badAddress.value?.message) return null;
  const { title, text, source, remedies } = explainFailure(failure, app);
  return (
    <section id="failure" class="failure" role="alert" data-reason={failure.reason}>
      <h2>{title}</h2>
      <p>{text}</p>
      {source !== '' && <pre>{source}</pre>}
      <div class="actions">
        {remedies.map((remedy) => (
          <button key={remedy.title} type="button" onClick={remedy.act}>
            {remedy.title}
          </button>
        ))}
        <button type="button" onClick={app.session.dismiss}>
          Close
        </button>
      </div>
    </section>
  );
}

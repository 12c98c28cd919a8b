/** The list of lessons. */
import { useState } from 'preact/hooks';
import './lessons.css';
import { useApp } from '../shell/context.ts';
import { lessons } from './lessons.ts';
import { openLesson } from './open-lesson.ts';

export default function Lessons() {
  const app = useApp();
  const [failure, setFailure] = useState('');
  return (
    <>
      <p class="quiet">
        Each lesson is a small network that runs beside a few steps; the page sees when a step is
        done. Your own project stays in the list of projects.
      </p>
      {failure !== '' && <p role="alert">{failure}</p>}
      <ol class="lesson-list">
        {lessons.map((lesson) => (
          <li key={lesson.name}>
            <button
              type="button"
              data-lesson={lesson.name}
              onClick={() => {
                openLesson(app, lesson).then(
                  () => {
                    app.sheet.value = '';
                  },
                  (error: unknown) => setFailure(String(error)),
                );
              }}
            >
              <strong>{lesson.title}</strong>
              <span>{lesson.about}</span>
              <span class="quiet small">{lesson.steps.length} steps</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

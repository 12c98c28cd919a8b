/** The lesson that is open, above the picture: its step, the sliders that the step asks for, and whether it is done. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import './lessons.css';
import { useApp } from '../shell/context.ts';
import type { Lesson } from './lesson.ts';
import { lessons } from './lessons.ts';
import { openLesson } from './open-lesson.ts';
import { ParameterSlider } from './ParameterSlider.tsx';
import { isDone, watchApp } from './watch.ts';

export default function LessonStrip() {
  const app = useApp();
  const name = app.project.value.view.lesson;
  const lesson = lessons.find((one) => one.name === name);
  // The network of a lesson that an address names is made here.
  const isOther = app.project.value.source.kind === 'example';
  useEffect(() => {
    if (lesson && isOther) void openLesson(app, lesson);
  }, [app, lesson, isOther]);
  if (!lesson || isOther) return null;
  return <Strip key={`${app.project.value.id} ${name}`} lesson={lesson} />;
}

function Strip({ lesson }: { lesson: Lesson }) {
  const app = useApp();
  const watch = useMemo(() => watchApp(app), [app]);
  useEffect(() => () => watch.end(), [watch]);
  const [index, setIndex] = useState(0);
  const [done, setDone] = useState(false);
  const step = lesson.steps[index];
  useEffect(() => {
    if (!step || done) return;
    let isGone = false;
    let isAsking = false;
    const timer = setInterval(async () => {
      if (isAsking || !app.session.info.value) return;
      isAsking = true;
      const found = await isDone(() => step.check(watch));
      isAsking = false;
      if (found && !isGone) setDone(true);
    }, 500);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [app, step, done, watch]);

  const leave = (): void => app.setView({ lesson: '' });
  const isLast = index === lesson.steps.length - 1;
  if (!step) return null;
  return (
    <section id="lesson" class={done ? 'lesson done' : 'lesson'} aria-label="Lesson">
      <div class="lesson-head">
        <h3>
          {lesson.title}{' '}
          <span class="quiet">
            step {index + 1} of {lesson.steps.length}
          </span>
        </h3>
        <button type="button" class="plain small" onClick={leave}>
          Leave the lesson
        </button>
      </div>
      <p>{step.text}</p>
      {step.controls.length > 0 && (
        <div class="lesson-controls">
          {step.controls.map((control) => (
            <ParameterSlider key={control.parameter} control={control} watch={watch} />
          ))}
        </div>
      )}
      <div role="status">
        {done && (
          <p class="lesson-done">
            <strong>✓ Done.</strong> {step.done}
          </p>
        )}
      </div>
      {done && (
        <button
          type="button"
          class="primary"
          id="lesson-next"
          onClick={() => {
            if (isLast) {
              leave();
              app.sheet.value = 'lessons';
              return;
            }
            setDone(false);
            setIndex(index + 1);
          }}
        >
          {isLast ? 'All lessons' : 'Next step'}
        </button>
      )}
    </section>
  );
}

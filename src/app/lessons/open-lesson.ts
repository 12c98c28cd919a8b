/** Begins a lesson: its network as a new project, with the panel and the probes that it wants. */
import type { App } from '../state/app.ts';
import { newProject } from '../state/project.ts';
import { callTool } from '../tools/client.ts';
import type { Lesson } from './lesson.ts';

export async function openLesson(app: App, lesson: Lesson): Promise<void> {
  const document = await callTool('lessonDocument', [lesson.name]);
  const { theme, hidden } = app.project.value.view;
  app.open(
    newProject(
      { source: { kind: 'document', origin: `lesson: ${lesson.title}` }, document },
      { pace: 1, engine: app.project.value.run.engine },
      {
        lesson: lesson.name,
        panel: lesson.panel,
        probes: lesson.probes,
        windowMs: lesson.windowMs,
        theme,
        hidden,
      },
    ),
  );
}

/**
 * The tools worker: everything that needs the library but no running network: examples, checks of equations, files,
 * scripts, exports. One per page, started when first needed, so that the page itself stays small and never waits.
 */
import { serve } from '../rpc.ts';
import { addressTools } from './addresses.ts';
import type { ToolCalls, ToolEvents } from './client.ts';
import { codeTools } from './code.ts';
import { connectomeTools } from './connectome.ts';
import { equationTools } from './equations.ts';
import { exampleTools } from './examples.ts';
import { exportTools } from './exports.ts';
import { fileTools } from './files.ts';
import { lessonTools } from './lessons.ts';
import { libraryTools } from './library.ts';
import { pasteTools } from './paste.ts';
import { onToolProgress } from './progress.ts';
import { responderTools } from './responders.ts';

const { emit } = serve<ToolCalls, ToolEvents>({
  ...addressTools,
  ...codeTools,
  ...connectomeTools,
  ...equationTools,
  ...exampleTools,
  ...exportTools,
  ...fileTools,
  ...lessonTools,
  ...libraryTools,
  ...pasteTools,
  ...responderTools,
});
onToolProgress((progress) => emit('progress', progress));

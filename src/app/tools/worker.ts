/**
 * The tools worker: everything that needs the library but no running network: examples, checks of equations, files,
 * scripts, exports. One per page, started when first needed, so that the page itself stays small and never waits.
 */
import { serve } from '../rpc.ts';
import { addressTools } from './addresses.ts';
import type { ToolCalls, ToolEvents } from './client.ts';
import { equationTools } from './equations.ts';
import { exampleTools } from './examples.ts';
import { fileTools } from './files.ts';
import { lessonTools } from './lessons.ts';
import { libraryTools } from './library.ts';
import { pasteTools } from './paste.ts';

serve<ToolCalls, ToolEvents>({
  ...addressTools,
  ...equationTools,
  ...exampleTools,
  ...fileTools,
  ...lessonTools,
  ...libraryTools,
  ...pasteTools,
});

/** The page's side of the tools worker: `tools.call('build', …)`. Starts the worker with the first call. */
import { connect, type Remote } from '../rpc.ts';
import type { AddressCalls } from './addresses.ts';
import type { CodeCalls } from './code.ts';
import type { ConnectomeCalls } from './connectome.ts';
import type { EquationCalls } from './equations.ts';
import type { ExampleCalls } from './examples.ts';
import type { ExportCalls } from './exports.ts';
import type { FileCalls } from './files.ts';
import type { LessonCalls } from './lessons.ts';
import type { LibraryCalls } from './library.ts';
import type { PasteCalls } from './paste.ts';
import type { ToolProgress } from './progress.ts';
import type { ResponderCalls } from './responders.ts';

/** Every tool, by the file that answers it. */
export interface ToolCalls
  extends AddressCalls,
    CodeCalls,
    ConnectomeCalls,
    EquationCalls,
    ExampleCalls,
    ExportCalls,
    FileCalls,
    LessonCalls,
    LibraryCalls,
    PasteCalls,
    ResponderCalls {}

export interface ToolEvents {
  /** Of long ones. */
  progress: ToolProgress;
}

/** A tools worker of one's own, for what may take long: closing it is cancelling. */
export const openTools = (onCrash?: () => void): Remote<ToolCalls, ToolEvents> =>
  connect<ToolCalls, ToolEvents>(
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    onCrash,
  );

let remote: Remote<ToolCalls, ToolEvents> | null = null;

function start(): Remote<ToolCalls, ToolEvents> {
  // One that broke down, or could not be loaded, is replaced with the next call.
  remote ??= openTools(() => {
    remote?.close();
    remote = null;
  });
  return remote;
}

/** Calls a tool; rejects with the NetworkError (or other error) that it threw. */
export const callTool: Remote<ToolCalls, ToolEvents>['call'] = (name, parameters, transfer) =>
  start().call(name, parameters, transfer);

/** One export at a time: how far it is, cancelling it, what came of it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Remote } from '../rpc.ts';
import { openTools, type ToolCalls, type ToolEvents } from '../tools/client.ts';
import type { ExportedFile } from '../tools/exports.ts';
import type { ToolProgress } from '../tools/progress.ts';
import { saveFile } from '../views/plot/save.ts';

type Tools = Remote<ToolCalls, ToolEvents>;

export interface Work {
  /** null when nothing is being written. */
  readonly progress: ToolProgress | null;
  /** What was saved, or why it was not; '' at first. */
  readonly said: string;
  readonly isFailure: boolean;
  readonly notes: readonly string[];
  /** Makes a file in a worker of its own and saves it. */
  save(make: (tools: Tools) => Promise<ExportedFile>): Promise<void>;
  cancel(): void;
  say(text: string): void;
}

const NOTHING = { progress: null, said: '', isFailure: false, notes: [] } as const;

export function useWork(): Work {
  const [state, setState] =
    useState<Pick<Work, 'progress' | 'said' | 'isFailure' | 'notes'>>(NOTHING);
  const tools = useRef<Tools | null>(null);
  const end = (): void => {
    tools.current?.close();
    tools.current = null;
  };
  useEffect(() => end, []);
  return {
    ...state,
    async save(make) {
      end();
      const mine = openTools();
      tools.current = mine;
      setState({ ...NOTHING, progress: { message: 'Writing', fraction: null } });
      mine.on(
        'progress',
        (progress) => tools.current === mine && setState({ ...NOTHING, progress }),
      );
      try {
        const { name, bytes, type, notes } = await make(mine);
        if (tools.current !== mine) return;
        saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
        setState({ ...NOTHING, said: `Saved ${name}.`, notes });
      } catch (error) {
        if (tools.current !== mine) return;
        const said = error instanceof Error ? error.message : String(error);
        setState({ ...NOTHING, said, isFailure: true });
      }
      end();
    },
    cancel() {
      end();
      setState({ ...NOTHING, said: 'Cancelled.' });
    },
    say: (said) => setState({ ...NOTHING, said }),
  };
}

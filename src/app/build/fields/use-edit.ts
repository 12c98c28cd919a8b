/** What fields of the inspector need to change the document: apply an edit, and look at one before it is applied. */
import type { NetworkDocument } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { callTool } from '../../tools/client.ts';

export type Change = (document: NetworkDocument) => NetworkDocument;

export interface Edit {
  apply(label: string, change: Change, merge?: string): void;
  /** What is wrong with the document after the change; '' when it is well-formed. */
  check(change: Change): Promise<string>;
}

export function useEdit(): Edit {
  const app = useApp();
  return {
    apply: (label, change, merge) => app.edit(label, change, merge),
    async check(change) {
      const { document } = app.project.value;
      if (document === null) return '';
      const problem = await callTool('checkDocument', [change(document)]);
      return problem === null ? '' : problem.message;
    },
  };
}

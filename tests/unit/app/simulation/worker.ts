/** A simulation worker without a thread: its handlers, and what they tell. For tests in Node. */

import type { Handlers } from '../../../../src/app/rpc.ts';
import { createHandlers } from '../../../../src/app/simulation/handlers.ts';
import type {
  NetworkInfo,
  SimulationCalls,
  SimulationEvents,
  StartRequest,
} from '../../../../src/app/simulation/protocol.ts';
import type { NetworkDocument } from '../../../../src/index.ts';

type Event = {
  readonly [K in keyof SimulationEvents]: { readonly name: K; readonly data: SimulationEvents[K] };
}[keyof SimulationEvents];

export interface TestWorker {
  readonly call: Handlers<SimulationCalls>;
  readonly info: NetworkInfo;
  readonly events: readonly Event[];
  /** Data of the events of a name so far. */
  told<K extends keyof SimulationEvents>(name: K): SimulationEvents[K][];
  /** Plays some steps and resolves when they are done, or the run has failed. */
  run(steps: number): Promise<void>;
}

export async function startWorker(
  request: Omit<Partial<StartRequest>, 'document'> & { readonly document?: NetworkDocument },
): Promise<TestWorker> {
  const events: Event[] = [];
  let ended = (): void => undefined;
  const call = createHandlers((name, data) => {
    events.push({ name, data } as Event);
    if (name === 'stopped' || name === 'failed') ended();
  });
  const info = await call.start({
    source: { kind: 'document', origin: 'a test' },
    document: null,
    engine: 'cpu',
    probes: [],
    ...request,
  });
  return {
    call,
    info,
    events,
    told: (name) =>
      events.filter((event) => event.name === name).map(({ data }) => data) as never[],
    async run(steps) {
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      await call.play({ pace: 'fast', steps });
      await end;
    },
  };
}

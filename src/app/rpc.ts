/**
 * Calls and events between the page and its workers, over postMessage: typed by one interface of calls and one of
 * events. Errors keep their kind and details. Knows nothing of simulations.
 */
import { DeviceError, NetworkError, type Problem } from '../index.ts';

type Call = (...parameters: never[]) => unknown;
type AnyCalls<Calls> = { [K in keyof Calls]: Call };
type Arguments<C> = C extends (...parameters: infer P) => unknown ? P : never;
type Result<C> = C extends (...parameters: never[]) => infer R ? Awaited<R> : never;

/** What answers the calls: as declared, or later. */
export type Handlers<Calls extends AnyCalls<Calls>> = {
  readonly [K in keyof Calls]: (
    ...parameters: Arguments<Calls[K]>
  ) => Result<Calls[K]> | Promise<Result<Calls[K]>>;
};

/** The calling side. */
export interface Remote<Calls extends AnyCalls<Calls>, Events> {
  /** Rejects with what was thrown there, or when the worker is closed. `transfer` lists what moves instead of being copied. */
  call<K extends keyof Calls & string>(
    name: K,
    parameters: Arguments<Calls[K]>,
    transfer?: readonly Transferable[],
  ): Promise<Result<Calls[K]>>;
  on<K extends keyof Events & string>(name: K, listener: (event: Events[K]) => void): void;
  /** Ends the worker; calls under way reject. */
  close(): void;
}

/** An error as data. */
interface PlainError {
  readonly kind: 'network' | 'device' | 'other';
  readonly message: string;
  readonly path?: string;
  readonly problems?: readonly Problem[];
  readonly reason?: DeviceError['reason'];
  readonly limit?: string;
  readonly needed?: number;
  readonly available?: number;
}

type Message =
  | { readonly call: string; readonly id: number; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PlainError }
  | { readonly event: string; readonly data: unknown };

/** A worker as the page sees it. `onCrash`: it threw something that no call waits for, or did not start. */
export function connect<Calls extends AnyCalls<Calls>, Events>(
  worker: Worker,
  onCrash: (error: Error) => void = () => undefined,
): Remote<Calls, Events> {
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  const listeners = new Map<string, ((event: never) => void)[]>();
  let last = 0;
  let closed: Error | null = null;
  const rejectAll = (error: Error): void => {
    closed = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('event' in data) {
      for (const listener of listeners.get(data.event) ?? []) listener(data.data as never);
    } else if ('result' in data) {
      waiting.get(data.id)?.resolve(data.result);
      waiting.delete(data.id);
    } else if ('error' in data) {
      waiting.get(data.id)?.reject(fromPlain(data.error));
      waiting.delete(data.id);
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const error = new Error(event.message || 'internal: a worker of the page did not start.');
    rejectAll(error);
    onCrash(error);
  };
  return {
    call(name, parameters, transfer = []) {
      if (closed) return Promise.reject(closed);
      const id = ++last;
      const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      try {
        worker.postMessage({ call: name, id, parameters } satisfies Message, [...transfer]);
      } catch (error) {
        // Something that cannot be sent.
        waiting.delete(id);
        return Promise.reject(error);
      }
      return answer as Promise<never>;
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener as (event: never) => void]);
    },
    close() {
      worker.terminate();
      rejectAll(new Closed());
    },
  };
}

/** Calls that were under way when their worker was ended end with this; it is nobody's mistake. */
export class Closed extends Error {
  override readonly name = 'Closed';
  constructor() {
    super('The worker was ended.');
  }
}

/** The worker's side: answers calls, and sends events. */
export function serve<Calls extends AnyCalls<Calls>, Events>(
  handlers: Handlers<Calls>,
): {
  readonly emit: <K extends keyof Events & string>(
    name: K,
    data: Events[K],
    transfer?: readonly Transferable[],
  ) => void;
} {
  const send = (message: Message, transfer: readonly Transferable[] = []): void =>
    self.postMessage(message, { transfer: [...transfer] });
  self.onmessage = async ({ data }: MessageEvent<Message>) => {
    if (!('call' in data) || !Object.hasOwn(handlers, data.call)) return;
    const { id } = data;
    try {
      const handler = handlers[data.call as keyof Calls] as (...all: unknown[]) => unknown;
      const result = await handler(...data.parameters);
      send({ id, result }, buffersOf(result));
    } catch (error) {
      send({ id, error: toPlain(error) });
    }
  };
  return { emit: (name, data, transfer) => send({ event: name, data }, transfer) };
}

/** Arrays at the top of a result, or one level below, move instead of being copied. */
function buffersOf(result: unknown): Transferable[] {
  if (typeof result !== 'object' || result === null) return [];
  const parts = ArrayBuffer.isView(result) ? [result] : Object.values(result);
  const buffers = parts.flatMap((part) =>
    ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer ? [part.buffer] : [],
  );
  return [...new Set(buffers)];
}

export function toPlain(error: unknown): PlainError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NetworkError) {
    return { kind: 'network', message, path: error.path, problems: error.problems };
  }
  if (error instanceof DeviceError) {
    const { reason, limit, needed, available } = error;
    return { kind: 'device', message, reason, limit, needed, available };
  }
  return { kind: 'other', message };
}

export function fromPlain(plain: PlainError): Error {
  if (plain.kind === 'network') {
    return new NetworkError(plain.message, {
      path: plain.path ?? '',
      problems: plain.problems ?? [],
    });
  }
  if (plain.kind === 'device') {
    const { reason = 'lost', limit = '', needed = 0, available = 0 } = plain;
    return new DeviceError(plain.message, { reason, limit, needed, available });
  }
  return new Error(plain.message);
}

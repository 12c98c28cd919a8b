/**
 * The two ways in which wetware fails: the description is wrong (NetworkError) or the machine cannot do it
 * (DeviceError). Not for internal faults: those are plain Errors that start with "internal:".
 */

/** One thing that is wrong in a piece of equation text, with its place. Lines and columns count from 1. */
export interface Problem {
  /** Stable identifier, for example "unknown-name" or "dimension-mismatch". */
  readonly code: string;
  /** Which text: "eqs", "threshold", "reset", "refractory", "onPre", "onPost", "method", "set v", … */
  readonly block: string;
  readonly line: number;
  readonly column: number;
  /** Characters marked, at least 1. */
  readonly length: number;
  /** The source line as the user wrote it. */
  readonly source: string;
  /** What is wrong, in one line, as printed behind the caret. */
  readonly message: string;
  /** What stands there: source text, or a unit. */
  readonly found: string;
  /** What would be right there; may be empty. */
  readonly expected: string;
  /** A concrete way out; may be empty. */
  readonly hint: string;
}

/** What a NetworkError knows beside its message. */
export interface NetworkErrorDetails {
  /** Where in the document, for example `population "exc"` or `projection "E->I", delay`. */
  readonly path?: string;
  /** The value that was refused. */
  readonly value?: unknown;
  /** The equation problems, one per error found. */
  readonly problems?: readonly Problem[];
}

/** The description of a network is wrong: says where, what was found, what is allowed, what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** Where in the network, or in which argument; may be empty. */
  readonly path: string;
  /** The value that was refused. */
  readonly value: unknown;
  /** The problems in equation text, one per error found. */
  readonly problems: readonly Problem[];

  constructor(message: string, details: NetworkErrorDetails = {}) {
    super(message);
    this.path = details.path ?? '';
    this.value = details.value;
    this.problems = details.problems ?? [];
  }
}

/** What a DeviceError knows beside its message. Sizes in bytes unless the limit says otherwise. */
export interface DeviceErrorDetails {
  readonly reason:
    | 'no-adapter'
    | 'lost'
    | 'limit'
    | 'memory'
    | 'compile'
    | 'overflow'
    | 'destroyed';
  /** Name of the limit, for example "maxStorageBufferBindingSize". */
  readonly limit?: string;
  readonly needed?: number;
  readonly available?: number;
}

/** The machine cannot run the network: no adapter, too small, out of memory, lost. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  /** What kind of failure, for programs. */
  readonly reason: DeviceErrorDetails['reason'];
  /** Name of the limit, or ''. */
  readonly limit: string;
  /** What the network needs of it, in bytes unless the limit says otherwise; 0 when there is no limit. */
  readonly needed: number;
  /** What the device grants. */
  readonly available: number;

  constructor(message: string, details: DeviceErrorDetails) {
    super(message);
    this.reason = details.reason;
    this.limit = details.limit ?? '';
    this.needed = details.needed ?? 0;
    this.available = details.available ?? 0;
  }
}

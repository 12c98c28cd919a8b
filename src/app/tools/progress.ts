/** How far a long tool is, for whoever waits for it. The worker says who that is. */

export interface ToolProgress {
  readonly message: string;
  /** 0 … 1; null when nobody can tell. */
  readonly fraction: number | null;
}

let listener: (progress: ToolProgress) => void = () => undefined;

export const onToolProgress = (tell: typeof listener): void => {
  listener = tell;
};

export const tellProgress = (message: string, fraction: number | null): void =>
  listener({ message, fraction });

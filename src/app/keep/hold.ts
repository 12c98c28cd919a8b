/**
 * Which tab a project is open in: a lock of the browser per project, so that two tabs never write the same record. Where
 * there are no locks, every tab believes that it is alone.
 */
const lockOf = (id: string): string => `wetware-project-${id}`;

/** A page that is being reloaded keeps its locks for a moment. */
const PATIENCE_MS = 600;

let held: { readonly id: string; readonly release: () => void } | null = null;

/**
 * Takes a project for this tab and lets go of the one before. false: another tab has it; then nothing has changed.
 * `patient` waits for a page that is about to go away.
 */
export function holdProject(id: string, patient = false): Promise<boolean> {
  const answer = waiting.then(() => hold(id, patient));
  waiting = answer.catch(() => undefined);
  return answer;
}

/** One after the other: the last project that was asked for is the one that is held. */
let waiting: Promise<unknown> = Promise.resolve();

async function hold(id: string, patient: boolean): Promise<boolean> {
  if (held?.id === id) return true;
  if (!('locks' in navigator)) return true;
  const until = performance.now() + (patient ? PATIENCE_MS : 0);
  for (;;) {
    const release = await take(lockOf(id));
    if (release) {
      held?.release();
      held = { id, release };
      return true;
    }
    if (performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ids of the projects that are open in other tabs. */
export async function heldElsewhere(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held: all = [] } = await navigator.locks.query();
  const prefix = lockOf('');
  return new Set(
    all
      .map(({ name = '' }) => name)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((id) => id !== held?.id),
  );
}

/** null when somebody has the lock. */
function take(name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

/**
 * From the page's address to an open project, when the page starts and whenever the address is changed by a person, a
 * link or the back button. What cannot be opened is said (App.badAddress), and something that runs is shown instead.
 */
import { effect } from '@preact/signals';
import type { App } from '../state/app.ts';
import { exampleProject, newProject, type Project } from '../state/project.ts';
import { type Address, type AddressSource, DEFAULT_EXAMPLE, readAddress } from '../state/url.ts';
import { callTool } from '../tools/client.ts';

/** Reads an address; what is wrong with it is the message. */
export function tryAddress(hash: string): { address: Address; problem: string } {
  try {
    return { address: readAddress(hash), problem: '' };
  } catch (error) {
    return { address: { source: null, run: {}, view: {} }, problem: messageOf(error) };
  }
}

/** The project of an address of an example, or the default one, with the settings of the address: known at once. */
export function immediateProject({ source, run, view }: Address): Project {
  const project =
    source?.kind === 'example'
      ? exampleProject(source.name, source.values, source.seed)
      : exampleProject(DEFAULT_EXAMPLE);
  return { ...project, run: { ...project.run, ...run }, view: { ...project.view, ...view } };
}

/**
 * Opens what an address names; resolves when it is decided, which says whether it could be opened. `begin` starts the
 * project: the page's first one is already in place.
 */
export async function openAddress(
  app: App,
  hash: string,
  begin: (project: Project) => void,
  otherwise: () => void,
): Promise<void> {
  const { address, problem } = tryAddress(hash);
  const refuse = (message: string): void => {
    app.badAddress.value = {
      address: `${location.href.split('#')[0]}#${hash.replace(/^#/, '')}`,
      message,
    };
    otherwise();
  };
  if (problem !== '') return refuse(problem);
  const { source } = address;
  if (source === null || source.kind === 'example') {
    begin(immediateProject(address));
    if (source) watchFirstBuild(app, refuse);
    return;
  }
  const { id } = app.project.value;
  /** Somebody who did not want to wait has opened something else. */
  const isLate = (): boolean => app.project.value.id !== id;
  try {
    const project = await remoteProject(app, source, address);
    if (isLate()) {
      app.notice.value = null;
      return;
    }
    begin(project);
    watchFirstBuild(app, refuse);
  } catch (error) {
    if (isLate()) return;
    app.notice.value = null;
    refuse(messageOf(error));
  }
}

async function remoteProject(
  app: App,
  source: Exclude<AddressSource, { kind: 'example' }>,
  { run, view }: Address,
): Promise<Project> {
  const origin = source.kind === 'net' ? 'a link' : hostOf(source.address);
  if (source.kind === 'src') {
    app.notice.value = { text: `Fetching the network from ${origin}…`, kind: 'done' };
  }
  const document = await callTool('readAddressed', [source, location.href]);
  if (source.kind === 'src') {
    app.notice.value = { text: `This network comes from ${origin}.`, kind: 'done' };
  }
  const said = source.kind === 'net' ? origin : source.address;
  return newProject({ source: { kind: 'document', origin: said }, document }, run, view);
}

/** Where a document comes from, for people. */
function hostOf(address: string): string {
  try {
    return new URL(address, location.href).host;
  } catch {
    return 'an address';
  }
}

/** A description that is wrong shows when it is built for the first time; all else is no fault of the address. */
function watchFirstBuild(app: App, refuse: (message: string) => void): void {
  const { session } = app;
  const { id } = app.project.value;
  const before = { info: session.info.value, failure: session.failure.value };
  let isDecided = false;
  const end = effect(() => {
    const info = session.info.value;
    const failure = session.failure.value;
    const isOver = info !== before.info || app.project.value.id !== id;
    const isWrong = failure !== null && failure !== before.failure;
    if (isDecided || (!isOver && !isWrong)) return;
    isDecided = true;
    queueMicrotask(() => {
      end();
      if (!isOver && (failure?.reason === 'network' || failure?.reason === 'file')) {
        refuse(failure.message);
      }
    });
  });
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

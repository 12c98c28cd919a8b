/** Files as networks: choose or drop them, say what columns mean where that is not known, and open what they hold. */
import { useEffect, useState } from 'preact/hooks';
import './open-files.css';
import { useApp } from '../shell/context.ts';
import { formatBytes, formatNumber } from '../shell/format.ts';
import type { App } from '../state/app.ts';
import { newProject } from '../state/project.ts';
import { callTool } from '../tools/client.ts';
import type { InspectedFiles, OpenedFiles } from '../tools/files.ts';
import { ColumnMapper, type MapperValue } from './ColumnMapper.tsx';
import { takeFiles } from './drop.ts';

export default function OpenFiles() {
  const app = useApp();
  const files = app.files.value;
  return (
    <div class="open-files">
      <Chooser app={app} />
      {files.length > 0 && <Found app={app} files={files} key={keyOf(files)} />}
    </div>
  );
}

const keyOf = (files: readonly File[]): string =>
  files.map(({ name, size, lastModified }) => `${name} ${size} ${lastModified}`).join();

function Chooser({ app }: { app: App }) {
  const take = (list: FileList | null): void => {
    if (list) void takeFiles(app, Promise.resolve([...list]));
  };
  return (
    <div class="chooser">
      <p>
        Drop files anywhere on this page, or choose them: a document of wetware (.json, .zip), a
        connection table (CSV or Parquet, with its table of neurons), a SONATA circuit (its folder),
        NIR (.nir), NeuroML (.nml, .xml), a Brian 2 script (.py). They stay on this machine.
      </p>
      <div class="chooser-buttons">
        <label class="button">
          Choose files
          <input
            id="choose-files"
            class="visually-hidden"
            type="file"
            multiple
            onChange={({ currentTarget }) => take(currentTarget.files)}
          />
        </label>
        <label class="button">
          Choose a folder
          <input
            id="choose-folder"
            class="visually-hidden"
            type="file"
            {...{ webkitdirectory: true }}
            onChange={({ currentTarget }) => take(currentTarget.files)}
          />
        </label>
      </div>
    </div>
  );
}

type State =
  | { readonly phase: 'looking' }
  | { readonly phase: 'reading' }
  | { readonly phase: 'ready'; readonly found: InspectedFiles; readonly refused: string }
  | { readonly phase: 'refused'; readonly message: string };

function Found({ app, files }: { app: App; files: readonly File[] }) {
  const [state, setState] = useState<State>({ phase: 'looking' });
  const [main, setMain] = useState('');
  const [columns, setColumns] = useState<MapperValue>({ mapping: {}, reference: 'auto' });
  const [neuronsFile, setNeuronsFile] = useState('');
  const [weight, setWeight] = useState('0.275 mV');

  const messageOf = (error: unknown): string =>
    error instanceof Error ? error.message : String(error);

  useEffect(() => {
    callTool('inspectFiles', [files]).then(
      (found) => {
        setMain(found.main);
        setColumns({ mapping: found.table?.mapping ?? {}, reference: 'auto' });
        setNeuronsFile(found.neuronsFile);
        setState({ phase: 'ready', found, refused: '' });
      },
      (error: unknown) => setState({ phase: 'refused', message: messageOf(error) }),
    );
  }, [files]);

  if (state.phase === 'looking') return <p class="quiet">Looking into the files…</p>;
  if (state.phase === 'reading') {
    return (
      <p role="status" class="quiet">
        Reading {main}…
      </p>
    );
  }
  if (state.phase === 'refused') {
    return (
      <p role="alert" class="refused">
        {state.message}
      </p>
    );
  }
  const { found, refused } = state;
  const { pre, post } = columns.mapping;
  const isMapped = found.table === null || (pre !== undefined && post !== undefined);
  const read = (): void => {
    setState({ phase: 'reading' });
    const options =
      found.table === null || !pre || !post
        ? {}
        : {
            table: {
              columns: { ...columns.mapping, pre, post },
              ...(columns.reference !== 'auto' && { reference: columns.reference }),
            },
            ...(neuronsFile !== '' && { neuronsFile }),
            connectome: { weight },
          };
    callTool('openFiles', [files, main, options]).then(
      (opened) => show(app, main, opened),
      (error: unknown) => setState({ phase: 'ready', found, refused: messageOf(error) }),
    );
  };
  return (
    <form
      class="found"
      onSubmit={(event) => {
        event.preventDefault();
        read();
      }}
    >
      <label>
        Network in{' '}
        <select
          name="main"
          value={main}
          onChange={({ currentTarget }) => setMain(currentTarget.value)}
        >
          {found.names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span class="small quiet">
          {formatBytes(files.reduce((sum, { size }) => sum + size, 0))} in {found.names.length}{' '}
          {found.names.length === 1 ? 'file' : 'files'}
          {found.table?.count ? `, ${formatNumber(found.table.count)} connections` : ''}
        </span>
      </label>
      {found.table !== null && main === found.main && (
        <>
          <ColumnMapper head={found.table} value={columns} change={setColumns} />
          <div class="mapper-fields">
            <label>
              <span>Table of neurons</span>
              <select
                name="neurons"
                value={neuronsFile}
                onChange={({ currentTarget }) => setNeuronsFile(currentTarget.value)}
              >
                <option value="">none</option>
                {found.names
                  .filter((name) => name !== main)
                  .map((name) => (
                    <option key={name}>{name}</option>
                  ))}
              </select>
            </label>
            <label>
              <span>A weight of 1 adds</span>
              <input
                name="weight"
                value={weight}
                onInput={({ currentTarget }) => setWeight(currentTarget.value)}
              />
            </label>
          </div>
        </>
      )}
      {refused !== '' && (
        <p role="alert" class="refused">
          {refused}
        </p>
      )}
      <button type="submit" class="primary" disabled={!isMapped}>
        Open
      </button>
    </form>
  );
}

/** The network on the page, and what was decided about it. */
function show(app: App, name: string, { document, notes, labels }: OpenedFiles): void {
  app.open(
    newProject({
      source: { kind: 'document', origin: name, ...(labels && { labels }) },
      document,
    }),
  );
  app.files.value = [];
  app.sheet.value = '';
  const text = notes.slice(0, 6).join(' ');
  if (text !== '') app.notice.value = { kind: 'warning', text };
}

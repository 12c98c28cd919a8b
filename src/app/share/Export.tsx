/** The sheet "Export": the network and what it did, as files; and the command line that repeats it. */
import './share.css';
import { useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatNumber, formatTime } from '../shell/format.ts';
import type { App } from '../state/app.ts';
import type { NetworkFormatOut, TableFormat } from '../tools/exports.ts';
import { Copy } from './Copy.tsx';
import { commandLine } from './command.ts';
import { fileOf, provenanceOf, stemOf } from './names.ts';
import { RunTo } from './RunTo.tsx';
import { type Extent, rangeOf, spikesIn, statisticsCsv, tracesIn } from './results.ts';
import { WorkLine } from './WorkLine.tsx';
import { useWork, type Work } from './work.ts';

const NETWORKS: readonly (readonly [NetworkFormatOut, string, string])[] = [
  ['document', 'Document', 'opens here again, in code and on the command line'],
  ['typescript', 'TypeScript', 'the calls that build it'],
  ['brian2', 'Brian 2', 'a Python script'],
  ['pynn', 'PyNN', 'a Python script for NEST, NEURON or Brian 2'],
  ['sonata', 'SONATA', 'a circuit with every connection'],
];

const TABLES: readonly (readonly [TableFormat, string])[] = [
  ['parquet', 'Parquet'],
  ['csv', 'CSV'],
  ['npz', 'npz'],
];

export default function Export() {
  const app = useApp();
  const network = useWork();
  const results = useWork();
  return (
    <div class="share">
      <Network app={app} work={network} />
      <Results app={app} work={results} />
      <Command app={app} />
    </div>
  );
}

function Network({ app, work }: { app: App; work: Work }) {
  const project = app.project.value;
  const { document } = project;
  const [durationMs, setDuration] = useState(1000);
  return (
    <section aria-labelledby="export-network">
      <h3 id="export-network">The network</h3>
      <ul class="formats">
        {NETWORKS.map(([format, title, what]) => (
          <li key={format}>
            <button
              type="button"
              id={`export-${format}`}
              disabled={document === null || work.progress !== null}
              onClick={() =>
                document &&
                void work.save((tools) =>
                  tools.call('exportNetwork', [
                    document,
                    format,
                    stemOf(project),
                    `${durationMs} ms`,
                  ]),
                )
              }
            >
              {title}
            </button>{' '}
            <span class="quiet small">{what}</span>
          </li>
        ))}
      </ul>
      <label>
        Scripts and circuits run for{' '}
        <input
          type="number"
          min="1"
          value={durationMs}
          onChange={({ currentTarget }) =>
            setDuration(Math.max(0.1, Number(currentTarget.value) || 1000))
          }
        />{' '}
        ms
      </label>
      <WorkLine work={work} />
    </section>
  );
}

function Results({ app, work }: { app: App; work: Work }) {
  const [extent, setExtent] = useState<Extent>('kept');
  const info = app.session.info.value;
  const save = (what: 'spikes' | 'traces' | 'statistics', format: TableFormat): void =>
    void work.save(async (tools) => {
      const range = rangeOf(app, extent);
      const provenance = provenanceOf(app) ?? {};
      const stem = stemOf(app.project.value);
      if (info === null) throw new Error('internal: no network.');
      if (what === 'traces') {
        const traces = tracesIn(app, range);
        if (traces.length === 0) {
          throw new Error('No neurons are probed in this interval. Pick some in the panel Traces.');
        }
        return tools.call('exportTraces', [traces, format, stem, provenance]);
      }
      if (what === 'statistics') {
        const text = statisticsCsv(await app.session.call('statistics', [{ range }]), info.dtMs);
        return {
          name: `${stem}-statistics.csv`,
          type: 'text/csv',
          bytes: new TextEncoder().encode(text),
          notes: [],
        };
      }
      const { steps, neurons, dropped } = await spikesIn(app, range);
      const count = steps.length;
      const file = await tools.call(
        'exportSpikes',
        [{ steps, neurons }, info.populations, info.dtMs, format, stem, provenance],
        [steps.buffer as ArrayBuffer, neurons.buffer as ArrayBuffer],
      );
      const notes = [
        `${formatNumber(count)} spikes from ${formatTime(range.from * info.dtMs)} to ${formatTime(range.to * info.dtMs)}.`,
      ];
      if (dropped > 0) {
        notes.push(
          `${formatNumber(dropped)} older spikes are no longer kept; the command line below writes all of them.`,
        );
      }
      return { ...file, notes };
    });
  return (
    <section aria-labelledby="export-results">
      <h3 id="export-results">What it did</h3>
      <RunTo />
      <fieldset class="choices">
        <legend class="small quiet">Of</legend>
        {(
          [
            ['kept', 'everything that is kept'],
            ['shown', 'the interval that the plots show'],
          ] as const
        ).map(([value, title]) => (
          <label key={value}>
            <input
              type="radio"
              name="extent"
              checked={extent === value}
              onChange={() => setExtent(value)}
            />
            {title}
          </label>
        ))}
      </fieldset>
      <ul class="formats">
        {(
          [
            ['spikes', 'Spikes'],
            ['traces', 'Traces'],
          ] as const
        ).map(([what, name]) => (
          <li key={what}>
            <span class="format-name">{name}</span>
            {TABLES.map(([format, title]) => (
              <button
                type="button"
                key={format}
                id={`export-${what}-${format}`}
                disabled={work.progress !== null}
                onClick={() => save(what, format)}
              >
                {title}
              </button>
            ))}
          </li>
        ))}
        <li>
          <span class="format-name">Statistics</span>
          <button
            type="button"
            id="export-statistics"
            disabled={work.progress !== null}
            onClick={() => save('statistics', 'csv')}
          >
            CSV
          </button>
        </li>
      </ul>
      <WorkLine work={work} />
    </section>
  );
}

function Command({ app }: { app: App }) {
  const project = app.project.value;
  const [durationMs, setDuration] = useState(1000);
  const [seeds, setSeeds] = useState(1);
  const { document, source } = project;
  const file = fileOf(project);
  return (
    <section aria-labelledby="export-command">
      <h3 id="export-command">The same from the command line</h3>
      <div class="choices">
        <label>
          for{' '}
          <input
            type="number"
            min="1"
            value={durationMs}
            onChange={({ currentTarget }) =>
              setDuration(Math.max(0.1, Number(currentTarget.value) || 1000))
            }
          />{' '}
          ms
        </label>
        <label>
          <input
            type="number"
            min="1"
            max="1000"
            value={seeds}
            onChange={({ currentTarget }) =>
              setSeeds(Math.min(1000, Math.max(1, Math.round(Number(currentTarget.value)) || 1)))
            }
          />{' '}
          {seeds === 1 ? 'seed' : 'seeds'}
        </label>
      </div>
      <Copy
        id="command"
        label="Command line"
        text={commandLine(project, { file, durationMs, seeds })}
      />
      {source.kind !== 'example' && document && (
        <p class="quiet small">It reads the document: save it first, in the same folder.</p>
      )}
    </section>
  );
}

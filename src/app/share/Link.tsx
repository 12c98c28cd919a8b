/** The sheet "Link": an address that opens this network elsewhere, and HTML that puts it into another page. */
import './share.css';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatBytes } from '../shell/format.ts';
import { DEFAULT_RUN, DEFAULT_VIEW, type Project, seedOf } from '../state/project.ts';
import { documentAddress, exampleAddress, LONGEST_LINK } from '../state/url.ts';
import { Copy } from './Copy.tsx';
import { EMBED_CONTROLS, embedCode } from './embed.ts';
import { fileOf, isLarge, stemOf } from './names.ts';
import { RunTo } from './RunTo.tsx';
import { WorkLine } from './WorkLine.tsx';
import { useWork } from './work.ts';

const page = (): string => location.href.replace(/#.*$/s, '');

export default function Link() {
  const app = useApp();
  const project = app.project.value;
  const isExample = project.source.kind === 'example';
  const [wantsWhole, setWhole] = useState(false);
  const [withView, setWithView] = useState(true);
  const [withRun, setWithRun] = useState(true);
  const isWhole = wantsWhole || !isExample;
  const address = useAddress(project, isWhole, withView, withRun);
  const isTooLong = address !== null && (address === '' || address.length > LONGEST_LINK);
  return (
    <div class="share">
      <section aria-labelledby="share-link">
        <h3 id="share-link">Link</h3>
        <div class="choices">
          {isExample && (
            <label>
              <input
                type="checkbox"
                checked={wantsWhole}
                onChange={({ currentTarget }) => setWhole(currentTarget.checked)}
              />
              with the whole document, so that it stays what it is when the example changes
            </label>
          )}
          <label>
            <input
              type="checkbox"
              checked={withView}
              onChange={({ currentTarget }) => setWithView(currentTarget.checked)}
            />
            with the view
          </label>
          <label>
            <input
              type="checkbox"
              checked={withRun}
              onChange={({ currentTarget }) => setWithRun(currentTarget.checked)}
            />
            with engine and speed
          </label>
        </div>
        {address === null && <p class="quiet small">Writing the link…</p>}
        {address !== null && !isTooLong && (
          <>
            <Copy id="link" label="Link" text={`${page()}#${address}`} />
            <p class="quiet small" id="link-contents">
              {contents(project, isWhole, withView, withRun)} {page().length + 1 + address.length}{' '}
              characters. The network is in the link itself: it is sent to nobody but those who get
              the link.
            </p>
          </>
        )}
        {isTooLong && <TooLong project={project} length={address.length} />}
      </section>
      <Embed project={project} />
      <section aria-labelledby="share-same">
        <h3 id="share-same">Is it the same?</h3>
        <p class="quiet small">
          Whoever opens the link and runs to the same time on the same engine gets the same spikes.
          Compare the hash.
        </p>
        <RunTo />
      </section>
    </div>
  );
}

/** null while it is being written. */
function useAddress(
  project: Project,
  isWhole: boolean,
  withView: boolean,
  withRun: boolean,
): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    const shown = {
      ...project,
      run: withRun ? project.run : DEFAULT_RUN,
      view: withView ? project.view : DEFAULT_VIEW,
    };
    const written = isWhole ? documentAddress(shown) : Promise.resolve(exampleAddress(shown));
    void written.then((text) => {
      if (!isGone) setAddress(text);
    });
    return () => {
      isGone = true;
    };
  }, [project, isWhole, withView, withRun]);
  return address;
}

const counted = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

/** What is in the link, in a sentence. */
function contents(project: Project, isWhole: boolean, withView: boolean, withRun: boolean): string {
  const { source, document } = project;
  const parts: string[] = [];
  if (source.kind === 'example' && !isWhole) {
    parts.push(`the example ${source.name}`);
    const values = Object.entries(source.values).map(([key, value]) => `${key} = ${value}`);
    if (values.length > 0) parts.push(values.join(', '));
  } else {
    parts.push(
      `the document with ${counted(document?.populations.length ?? 0, 'population')} and ${counted(document?.projections.length ?? 0, 'projection')}`,
    );
  }
  parts.push(`seed ${seedOf(project)}`);
  if (withRun) parts.push('engine and speed');
  if (withView) parts.push('window, panel, colours and probes');
  return `In it: ${parts.join('; ')}.`;
}

function TooLong({ project, length }: { project: Project; length: number }) {
  const work = useWork();
  const { document } = project;
  const why =
    length === 0
      ? 'This network has long lists of numbers'
      : `This network would make a link of ${formatBytes(length)}`;
  return (
    <>
      <p>
        {why}: too much for a link. Send it as a file, which opens when it is dropped on the page,
        or put the file on a web server and share{' '}
        <code>{page()}#src=https://…/model.wetware.json</code>
      </p>
      <button
        type="button"
        id="share-file"
        disabled={document === null}
        onClick={() =>
          document &&
          void work.save((tools) =>
            tools.call('exportNetwork', [document, 'document', stemOf(project), '1 s']),
          )
        }
      >
        Save the file
      </button>
      <WorkLine work={work} />
    </>
  );
}

function Embed({ project }: { project: Project }) {
  const [controls, setControls] = useState<readonly string[]>(['play', 'reset', 'rate']);
  const [height, setHeight] = useState(320);
  const [autoplay, setAutoplay] = useState(true);
  const [withLink, setWithLink] = useState(false);
  const file = fileOf(project);
  const code = embedCode(project, {
    controls,
    height,
    autoplay,
    src: file,
    page: withLink ? page() : '',
  });
  return (
    <section aria-labelledby="share-embed">
      <h3 id="share-embed">In another page</h3>
      <fieldset class="choices">
        <legend class="small quiet">Shown beside the raster</legend>
        {EMBED_CONTROLS.map((control) => (
          <label key={control}>
            <input
              type="checkbox"
              checked={controls.includes(control)}
              onChange={({ currentTarget: { checked } }) =>
                setControls(
                  EMBED_CONTROLS.filter((one) =>
                    one === control ? checked : controls.includes(one),
                  ),
                )
              }
            />
            {control}
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={autoplay}
            onChange={({ currentTarget }) => setAutoplay(currentTarget.checked)}
          />
          starts by itself
        </label>
        <label>
          <input
            type="checkbox"
            checked={withLink}
            onChange={({ currentTarget }) => setWithLink(currentTarget.checked)}
          />
          link to this page
        </label>
        <label>
          height{' '}
          <input
            type="number"
            min="80"
            max="2000"
            value={height}
            onChange={({ currentTarget }) =>
              setHeight(
                Math.min(2000, Math.max(80, Math.round(Number(currentTarget.value)) || 320)),
              )
            }
          />
        </label>
      </fieldset>
      <Copy id="embed" label="HTML" text={code} />
      {project.source.kind !== 'example' && (
        <p class="quiet small">
          {isLarge(project)
            ? 'This network has long lists of numbers: too much to put into a page.'
            : `Put ${file} beside the page (Share, Export, Document).`}
        </p>
      )}
    </section>
  );
}

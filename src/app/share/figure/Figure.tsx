/** The sheet "Figure": what the plots show as a picture for a paper, with a preview, and the numbers behind it. */
import '../share.css';
import './figure.css';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import { saveFile } from '../../views/plot/save.ts';
import { Copy } from '../Copy.tsx';
import { stemOf } from '../names.ts';
import { RunTo } from '../RunTo.tsx';
import { WorkLine } from '../WorkLine.tsx';
import { useWork } from '../work.ts';
import { type Collected, collectFigure, figureArrays } from './collect.ts';
import { pixelsOf, pngOf, rasterImage } from './picture.ts';
import { pythonFigure } from './python.ts';
import { figureSvg, MOST_TICKS, WIDTHS_MM } from './svg.ts';

interface Choices {
  readonly widthMm: number;
  readonly raster: boolean;
  readonly rates: boolean;
  readonly traces: boolean;
  readonly hasCaption: boolean;
}

const PARTS = [
  ['raster', 'raster'],
  ['rates', 'rates'],
  ['traces', 'traces'],
  ['hasCaption', 'caption in the picture'],
] as const;

export default function Figure() {
  const app = useApp();
  const [choices, setChoices] = useState<Choices>({
    widthMm: 174,
    raster: true,
    rates: true,
    traces: true,
    hasCaption: true,
  });
  const [collected, setCollected] = useState<Collected | null>(null);
  const [problem, setProblem] = useState('');
  const window = app.timeWindow.value;
  const isPaused = app.session.phase.value === 'paused';
  const collect = (): void => {
    collectFigure(app).then(
      (found) => {
        setCollected(found);
        setProblem('');
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  useEffect(collect, [window, isPaused]);
  const svg = useSvg(collected, choices);
  const stem = `${stemOf(app.project.value)}-figure`;
  return (
    <div class="share figure-sheet">
      <section aria-label="What is shown">
        <RunTo />
        <div class="choices">
          {WIDTHS_MM.map((widthMm) => (
            <label key={widthMm}>
              <input
                type="radio"
                name="figure-width"
                checked={choices.widthMm === widthMm}
                onChange={() => setChoices({ ...choices, widthMm })}
              />
              {widthMm} mm
            </label>
          ))}
          {PARTS.map(([part, title]) => (
            <label key={part}>
              <input
                type="checkbox"
                checked={choices[part]}
                disabled={part === 'traces' && collected?.data.traces.length === 0}
                onChange={({ currentTarget: { checked } }) =>
                  setChoices({ ...choices, [part]: checked })
                }
              />
              {title}
            </label>
          ))}
          <button type="button" id="figure-again" onClick={collect}>
            Draw the interval now
          </button>
        </div>
        {problem !== '' && <p role="alert">{problem}</p>}
      </section>
      {collected && svg !== '' && (
        <>
          <Preview svg={svg} caption={collected.caption} widthMm={choices.widthMm} />
          <Saving collected={collected} svg={svg} stem={stem} widthMm={choices.widthMm} />
        </>
      )}
    </div>
  );
}

function useSvg(collected: Collected | null, choices: Choices): string {
  const [svg, setSvg] = useState('');
  useEffect(() => {
    if (!collected) return;
    let isGone = false;
    const { data, caption } = collected;
    const { hasCaption, ...options } = choices;
    void rasterImage(data, choices.widthMm).then((image) => {
      if (!isGone) {
        setSvg(figureSvg(data, { ...options, caption: hasCaption ? caption : '' }, image));
      }
    });
    return () => {
      isGone = true;
    };
  }, [collected, choices]);
  return svg;
}

function Preview({ svg, caption, widthMm }: { svg: string; caption: string; widthMm: number }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too
    <section class="figure-preview" aria-label="Preview of the figure" tabIndex={0}>
      {address !== '' && (
        <img id="figure-preview" src={address} alt={caption} style={{ width: `${widthMm}mm` }} />
      )}
    </section>
  );
}

function Saving({
  collected,
  svg,
  stem,
  widthMm,
}: {
  collected: Collected;
  svg: string;
  stem: string;
  widthMm: number;
}) {
  const work = useWork();
  const { data, caption, dropped } = collected;
  const count = data.steps.length;
  const savePng = (factor: number): void => {
    pngOf(svg, widthMm, factor).then(
      (blob) => saveFile(`${stem}-${pixelsOf(widthMm, factor)}px.png`, blob),
      (error: unknown) => work.say(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <section aria-label="Save the figure">
      <ul class="formats">
        <li>
          <span class="format-name">Picture</span>
          <button
            type="button"
            id="figure-svg"
            onClick={() => saveFile(`${stem}.svg`, new Blob([svg], { type: 'image/svg+xml' }))}
          >
            SVG
          </button>
          {[1, 2, 4].map((factor) => (
            <button
              type="button"
              key={factor}
              id={`figure-png-${factor}`}
              title={`${pixelsOf(widthMm, factor)} pixels wide, ${96 * factor} dpi`}
              onClick={() => savePng(factor)}
            >
              PNG {factor}×
            </button>
          ))}
          <span class="quiet small">
            4× is {pixelsOf(widthMm, 4)} pixels wide, 384 dpi.
            {count > MOST_TICKS &&
              ` ${formatNumber(count)} spikes: more than ${formatNumber(MOST_TICKS)} are an image inside the SVG. Show a shorter time for single marks.`}
            {dropped > 0 && ` ${formatNumber(dropped)} older spikes are no longer kept.`}
          </span>
        </li>
        <li>
          <span class="format-name">Numbers</span>
          <button
            type="button"
            id="figure-npz"
            onClick={() =>
              void work.save((tools) => tools.call('exportArrays', [figureArrays(data), stem]))
            }
          >
            npz
          </button>
          <button
            type="button"
            id="figure-python"
            onClick={() =>
              saveFile(
                `${stem}.py`,
                new Blob([pythonFigure(stem, widthMm, caption)], { type: 'text/x-python' }),
              )
            }
          >
            matplotlib script
          </button>
          <span class="quiet small">The script draws the figure again from the npz file.</span>
        </li>
      </ul>
      <WorkLine work={work} />
      <Copy id="figure-caption" label="Caption" text={caption} />
    </section>
  );
}

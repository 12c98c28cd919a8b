/**
 * The page of the bench: settings from the address, measurements in workers, the report that the command line writes.
 * `?start` begins at once. No second way to measure: jobs, records and report are those of the command line.
 */
import './page.css';
import { version } from '../../src/index.ts';
import { REPORT_STYLE } from '../../src/report/style.ts';
import { describeEstimate, jobsOf, type Place } from '../jobs.ts';
import { type BenchRecord, lineOf, type Machine, type RunStamp } from '../record.ts';
import { reportBody, reportDocument } from '../report/document.ts';
import { runSteps } from '../session.ts';
import { addressOf, type Settings, settingsFromAddress, workloadsOf } from '../settings.ts';
import { type Bench, stepsOf } from '../steps.ts';
import { workloads } from '../workloads.ts';
import { makeDrivenBench } from './driven.ts';
import { bindForm, type SettingsForm } from './form.ts';
import { describePageMachine, describePagePlace, measureInWorker } from './page-place.ts';

let records: BenchRecord[] = [];
let stop: AbortController | null = null;

const byId = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`internal: the page has no element "${id}"`);
  return found as T;
};

function fail(error: unknown): void {
  const line = byId('failure');
  line.hidden = false;
  line.textContent = error instanceof Error ? error.message : String(error);
}

function say(text: string): void {
  byId('state').textContent = text;
}

/** The report is made of escaped text only; it is parsed, never written into the page as text. */
function showReport(): void {
  const parsed = new DOMParser().parseFromString(reportBody(records).text, 'text/html');
  byId('report').replaceChildren(...parsed.body.childNodes);
  byId('keep').hidden = records.length === 0;
}

function showEstimate(settings: Settings, place: Place): void {
  const chosen = workloadsOf(settings, workloads);
  const bench = benchOf(describePageMachine(), place);
  const { steps } = stepsOf(chosen, settings, inventoryOf(bench, stampOf()));
  const total = steps.reduce((sum, { estimate }) => sum + estimate, 0);
  const none = jobsOf(chosen[0] as (typeof chosen)[number], settings, place).skipped.find(
    ({ engine }) => engine === 'gpu',
  );
  const note = none && place.adapter === null ? ' No WebGPU here: CPU only.' : '';
  byId('estimate').textContent =
    `${steps.length} measurements, ${describeEstimate(total)}.${note}${place.oneThreadBecause === null ? '' : ' One thread only: the page is not cross-origin isolated.'}`;
}

const stampOf = (): RunStamp => ({
  id: crypto.randomUUID(),
  date: new Date().toISOString(),
  version,
  commit: '',
});

const benchOf = (machine: Machine, place: Place): Bench => ({
  machine,
  place,
  measure: measureInWorker,
});

const inventoryOf = (bench: Bench, run: RunStamp) => ({
  run,
  machine: bench.machine,
  benches: [bench],
  peers: [],
});

async function run(settings: Settings, place: Place): Promise<void> {
  if (stop) return;
  stop = new AbortController();
  records = [];
  byId('failure').hidden = true;
  setRunning(true);
  try {
    const bench = benchOf(describePageMachine(), place);
    const chosen = workloadsOf(settings, workloads);
    const { steps, skipped } = stepsOf(chosen, settings, inventoryOf(bench, stampOf()));
    records.push(...skipped);
    const bar = byId<HTMLProgressElement>('progress');
    let done = 0;
    const isComplete = await runSteps(steps, new Set(), stop.signal, {
      progress: say,
      record(record) {
        records.push(record);
        bar.value = ++done / steps.length;
        showReport();
      },
    });
    showReport();
    say(isComplete ? 'Done.' : 'Stopped; the report has what was measured.');
  } finally {
    stop = null;
    setRunning(false);
  }
}

function setRunning(isRunning: boolean): void {
  byId<HTMLButtonElement>('start').disabled = isRunning;
  byId<HTMLButtonElement>('stop').disabled = !isRunning;
  const bar = byId<HTMLProgressElement>('progress');
  bar.hidden = !isRunning;
  bar.value = 0;
}

function bindKeeping(): void {
  const lines = (): string => records.map(lineOf).join('');
  byId('copy').addEventListener('click', () => {
    navigator.clipboard.writeText(lines()).then(() => say('Copied.'), fail);
  });
  byId('save-records').addEventListener('click', () =>
    save('records.jsonl', 'application/x-ndjson', lines()),
  );
  byId('save-report').addEventListener('click', () =>
    save('report.html', 'text/html', reportDocument(records)),
  );
}

function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The address always says what the form says, so that it can be passed on. */
function follow(form: SettingsForm, place: Place): void {
  try {
    byId('failure').hidden = true;
    const settings = form.read();
    history.replaceState(null, '', `?${addressOf(settings)}`);
    showEstimate(settings, place);
  } catch (error) {
    fail(error);
  }
}

/** Brings the page to life. Called once, by the page itself. */
export function startPage(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(REPORT_STYLE);
  document.adoptedStyleSheets = [sheet];
  window.wetwareBench = makeDrivenBench(() => records);
  bindKeeping();
  openForm().catch(fail);
}

async function openForm(): Promise<void> {
  const { search } = location;
  const settings = settingsFromAddress(search);
  const place = await describePagePlace();
  const form = bindForm(byId<HTMLFormElement>('settings'), settings, workloads);
  form.onChange(() => follow(form, place));
  form.onStart(() => run(form.read(), place).catch(fail));
  byId('stop').addEventListener('click', () => stop?.abort());
  showEstimate(settings, place);
  if (new URLSearchParams(search).has('start')) await run(settings, place);
}

/** The form of the page: shows settings, reads them back. What settings mean is in settings.ts. */
import { readSettings, type Settings, workloadsOf } from '../settings.ts';
import type { Workload } from '../workloads.ts';

export interface SettingsForm {
  /** Throws SettingsError when the form holds nonsense. */
  read(): Settings;
  onChange(callback: () => void): void;
  onStart(callback: () => void): void;
}

/** Fills the form with settings. Whatever has no field keeps the value that it had in the address. */
export function bindForm(
  form: HTMLFormElement,
  settings: Settings,
  all: readonly Workload[],
): SettingsForm {
  const chosen = new Set(workloadsOf(settings, all).map(({ name }) => name));
  form.querySelector('#workloads')?.append(...all.map((one) => checkbox(one, chosen)));
  for (const box of form.querySelectorAll<HTMLInputElement>('input[name="engine"]')) {
    box.checked = settings.engines.some((engine) => engine === box.value);
  }
  field(form, 'threads').value = settings.threads?.join(',') ?? '';
  field(form, 'threads').placeholder = 'all';
  field(form, 'repeats').value = String(settings.repeats);
  return {
    read: () => readForm(form, settings, all),
    onChange: (callback) => form.addEventListener('input', callback),
    onStart(callback) {
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        callback();
      });
    },
  };
}

function checkbox({ name, size }: Workload, chosen: ReadonlySet<string>): HTMLLabelElement {
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.name = 'workload';
  box.value = name;
  box.checked = chosen.has(name);
  const word = document.createElement('span');
  word.textContent = size === 'small' ? name : `${name} (${size})`;
  label.append(box, word);
  return label;
}

function readForm(form: HTMLFormElement, given: Settings, all: readonly Workload[]): Settings {
  const data = new FormData(form);
  const names = data.getAll('workload').map(String);
  const usual = workloadsOf({ ...given, only: [] }, all).map(({ name }) => name);
  const isDefault = usual.length === names.length && usual.every((name) => names.includes(name));
  const read = readSettings({
    only: isDefault ? '' : names.join(',') || 'no network is chosen',
    engine: data.getAll('engine').map(String).join(','),
    threads: String(data.get('threads') ?? ''),
    repeats: String(data.get('repeats') ?? ''),
    quick: given.isQuick,
    'recording-cost': given.withRecordingCost,
  });
  return {
    ...read,
    sizes: isDefault ? given.sizes : read.sizes,
    synapses: given.synapses,
    durationMs: given.durationMs,
  };
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (found instanceof HTMLInputElement) return found;
  throw new Error(`internal: the form has no field "${name}"`);
}

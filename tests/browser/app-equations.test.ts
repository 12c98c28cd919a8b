/**
 * Equations in the built page: typed with marks at the exact place, made the network's, drawn as mathematics; a script of
 * Brian 2 pasted, put right and run; the network as code.
 */
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppPage,
  accessibilityFaults,
  closeApp,
  openApp,
  openPanel,
  openSheet,
  overflowOf,
  press,
  textOf,
  waitForText,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';

let browser: Browser;
let served: Served;
let app: AppPage | null = null;

beforeAll(async () => {
  browser = await launchChromium({ webgpu: false });
  served = await servePage();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  expect(app?.errors).toEqual([]);
  if (app) await closeApp(app);
  app = null;
});

async function open(options: Parameters<typeof openApp>[3] = {}): Promise<Page> {
  app = await openApp(browser, served, '#example=coba&neurons=200', options);
  await waitForTime(app.page, 1);
  return app.page;
}

/** What is typed into, inside the shadow root of the first editor there. */
async function editor(page: Page, inside: string): Promise<ElementHandle<HTMLElement>> {
  const content = await page.waitForFunction(
    (where) =>
      document
        .querySelector(`${where} .code-field > div`)
        ?.shadowRoot?.querySelector('.cm-content') ?? null,
    {},
    inside,
  );
  return content as ElementHandle<HTMLElement>;
}

const lines = (content: ElementHandle<HTMLElement>): Promise<string[]> =>
  content.evaluate((element) =>
    [...element.querySelectorAll('.cm-line')].map((line) => line.textContent ?? ''),
  );

/** Marks come a moment after the words below. */
async function expectMarked(content: ElementHandle<HTMLElement>, texts: string[]): Promise<void> {
  await expect
    .poll(
      () =>
        content.evaluate((element) =>
          [...element.querySelectorAll('.cm-lintRange-error')].map(
            (mark) => mark.textContent ?? '',
          ),
        ),
      { timeout: 10_000 },
    )
    .toEqual(texts);
}

async function typeAtEnd(page: Page, content: ElementHandle<HTMLElement>, text: string) {
  await content.focus();
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  await page.keyboard.type(text);
}

const control = async (page: Page, key: 'Enter' | 'a'): Promise<void> => {
  await page.keyboard.down('Control');
  await page.keyboard.press(key);
  await page.keyboard.up('Control');
};

describe('the editor of equations', () => {
  it('marks what is wrong, takes a parameter, and makes the rest the network’s with Ctrl+Enter', async () => {
    const page = await open();
    await openPanel(page, 'equations');
    const content = await editor(page, '#panel .equations');
    const before = await lines(content);
    await typeAtEnd(page, content, '\ndw/dt = (v_rest - w)/tau_w : volt');
    expect(await lines(content)).toEqual([...before, 'dw/dt = (v_rest - w)/tau_w : volt']);
    await waitForText(page, '#panel .problem p', /unknown name/);
    await expectMarked(content, ['tau_w']);
    const excerpt = await textOf(page, '#panel .problem pre');
    const [source = '', caret = ''] = excerpt.split('\n');
    expect(source.slice(caret.indexOf('^'), caret.length)).toBe('tau_w');
    await waitForText(page, '#panel .equations .state', /last good network runs on/);
    // It does run on.
    const time = await textOf(page, '#time');
    await page.waitForFunction(
      (old) => document.querySelector('#time')?.textContent !== old,
      { timeout: 20_000 },
      time,
    );
    await page.type('#panel .fix input', '30 ms');
    await press(page, /make it a parameter/, '#panel');
    await waitForText(page, '#panel .equations .state', /Right, and not applied yet/);
    await expectMarked(content, []);
    await content.focus();
    await control(page, 'Enter');
    await waitForText(page, '#panel .equations .state', /Checked/);
    await waitForText(page, '#panel .mathematics', /tau_syn_exc|τ/);
    await openPanel(page, 'code');
    await waitForText(page, '#panel .code-panel', /network\.ts/);
    await press(page, /^JSON$/, '#panel');
    await waitForText(page, '#panel .code-panel', /network\.wetware\.json/);
    const code = await editor(page, '#panel .code-panel');
    await page.waitForFunction(
      (element) => element.textContent?.includes('tau_w'),
      { timeout: 10_000 },
      code,
    );
  });

  it('completes names, units and flags where each may stand', async () => {
    const page = await open();
    await openPanel(page, 'equations');
    const content = await editor(page, '#panel .equations');
    const offered = (): Promise<string[]> =>
      page.evaluate(() => {
        const root = document.querySelector('#panel .code-field > div')?.shadowRoot;
        return [...(root?.querySelectorAll('.cm-completionLabel') ?? [])].map(
          (label) => label.textContent ?? '',
        );
      });
    const waitForOffer = async (word: string): Promise<void> => {
      const end = Date.now() + 10_000;
      while (!(await offered()).includes(word) && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await offered()).toContain(word);
    };
    await typeAtEnd(page, content, '\ndw/dt = tau_');
    await waitForOffer('tau_syn_exc');
    await page.keyboard.press('Escape');
    await page.keyboard.type('m : sie');
    await waitForOffer('siemens');
    expect(await offered()).not.toContain('v_rest');
    await page.keyboard.press('Escape');
    await page.keyboard.type('mens (unl');
    await waitForOffer('unless refractory');
  });

  it('shows equations as mathematics, with the integrator and why', async () => {
    const page = await open({ width: 390, height: 844 });
    await openPanel(page, 'equations');
    await waitForText(
      page,
      '#panel .integrator',
      /exponential_euler, because conditionally linear/,
    );
    await page.waitForSelector('#panel math mfrac');
    expect(await page.$$eval('#panel math', (all) => all.length)).toBeGreaterThan(5);
    // The browser has a place for each: an equation that nothing drew has no height.
    const heights = await page.$$eval('#panel math', (all) =>
      all.map((one) => one.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThan(8);
    expect(await overflowOf(page)).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

const SCRIPT = `from brian2 import *
taum = 20*ms
eqs = '''
dv/dt  = (ge - (v + 49*mV))/taum : volt (unless refractory)
dge/dt = -ge/(5*ms) : siemens
'''
P = NeuronGroup(400, eqs, threshold='v > -50*mV', reset='v = -60*mV', refractory=5*ms)
P.v = '-60*mV + rand()*10*mV'
S = Synapses(P, P, on_pre='ge += 0.1*mV')
S.connect(p=0.02)
run(1*second)
`;

describe('paste from Brian 2', () => {
  it('a script gets a caret with units, is put right where it stands, opened and run', async () => {
    const page = await open();
    await openSheet(page, /open/, /paste from brian/);
    const content = await editor(page, '.paste');
    await content.focus();
    await page.keyboard.sendCharacter(SCRIPT);
    await waitForText(page, '.paste .problem p', /is in volt, but the left part is in siemens/);
    await expectMarked(content, ['(v + 49*mV)']);
    expect(await accessibilityFaults(page)).toEqual([]);
    await content.evaluate((element) => element.blur());
    await press(page, /^line 4$/, '.paste');
    await page.waitForFunction((element) => element.matches(':focus'), {}, content);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    for (let k = 0; k < 'siemens'.length; k++) await page.keyboard.press('Backspace');
    await page.keyboard.type('volt');
    await waitForText(page, '.paste-summary', /400 neurons/);
    await waitForText(page, '.paste-size', /synapses/);
    expect(await page.$('.paste .problem')).toBeNull();
    await control(page, 'Enter');
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
    await waitForText(page, '.status', /Brian 2 script/);
    await waitForText(page, '.status', /400/);
    await waitForTime(page, 5);
    expect(await page.$('#failure')).toBeNull();
  });

  it('equations alone become a population; unknown names are asked for with units that fit', async () => {
    const page = await open({ width: 390, height: 844 });
    await openSheet(page, /open/, /paste from brian/);
    const content = await editor(page, '.paste');
    await content.focus();
    await page.keyboard.sendCharacter('dv/dt = (E_L - v + R*I)/tau_m : volt');
    await waitForText(page, '.paste-fields', /tau_m/);
    const guesses = await page.$$eval('.paste-fields label:has(code) input', (inputs) =>
      inputs.map((input) => (input as HTMLInputElement).value),
    );
    expect(guesses).toHaveLength(4);
    expect(guesses.filter((value) => /\d (mV|ms|pA|Mohm)$/.test(value))).toHaveLength(4);
    expect(await overflowOf(page)).toBe(0);
    await press(page, /open this network/, '.paste');
    await waitForText(page, '.status', /Pasted equations/);
    await waitForTime(page, 5);
  });

  it('nothing that is pasted is executed or becomes part of the page', async () => {
    const page = await open();
    await openSheet(page, /open/, /paste from brian/);
    const content = await editor(page, '.paste');
    await content.focus();
    await page.keyboard.sendCharacter(
      'from brian2 import *\nx = "<img src=x onerror=alert(1)>"\n' +
        'G = NeuronGroup(1, "dv/dt = <script>alert(1)</script> : 1")\nimport os\nos.system("x")',
    );
    await page.waitForSelector('.paste .problem');
    expect(await page.$('.paste img, .paste script')).toBeNull();
  });
});

it('the network as code, in five languages', async () => {
  const page = await open();
  await openPanel(page, 'code');
  const wanted: readonly (readonly [RegExp, string, RegExp])[] = [
    [/^TypeScript$/, 'network.ts', /new Network/],
    [/^Brian 2$/, 'network_brian2.py', /from brian2 import/],
    [/^PyNN$/, 'network_pynn.py', /pyNN|sim\./],
    [/^JSON$/, 'network.wetware.json', /"format": "wetware"/],
    [/^WGSL$/, 'network.wgsl', /fn from_bits|fn |struct/],
  ];
  for (const [name, file, text] of wanted) {
    await press(page, name, '#panel');
    await waitForText(page, '#panel .code-actions', new RegExp(file.replaceAll('.', '\\.')));
    const code = await editor(page, '#panel .code-panel');
    await page.waitForFunction(
      (element, source) => new RegExp(source).test(element.textContent ?? ''),
      { timeout: 10_000 },
      code,
      text.source,
    );
  }
  expect(await accessibilityFaults(page)).toEqual([]);
});

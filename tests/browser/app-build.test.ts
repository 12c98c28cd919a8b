/**
 * Building in the page: the outline, the picture and the inspector change the network that runs, by mouse and by keyboard,
 * and every change can be undone; the quick sliders act without a new network. Run against the production page.
 */
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppPage,
  accessibilityFaults,
  closeApp,
  openApp,
  overflowOf,
  shownTime,
  textOf,
  waitForText,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';

const COBA = '#example=coba&engine=cpu&neurons=500';

let served: Served;
let browser: Browser;
beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const open = async (hash = COBA, options = {}): Promise<AppPage> => {
  const app = await openApp(browser, served, hash, options);
  await waitForTime(app.page, 20);
  return app;
};

/** The row of the outline with that name. */
async function row(page: Page, name: string): Promise<ElementHandle<HTMLElement>> {
  const handle = await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll<HTMLElement>('.outline-row')].find(
        (one) => one.querySelector('.row-name')?.textContent === wanted,
      ),
    { timeout: 30_000, polling: 100 },
    name,
  );
  return handle.asElement() as ElementHandle<HTMLElement>;
}

/** The field of the inspector with that name. */
async function field(page: Page, name: string): Promise<ElementHandle<HTMLInputElement>> {
  const handle = await page.waitForFunction(
    (wanted) => {
      const label = [...document.querySelectorAll<HTMLLabelElement>('.side.right label')].find(
        (one) => one.textContent === wanted,
      );
      return label && document.getElementById(label.htmlFor);
    },
    { timeout: 30_000, polling: 100 },
    name,
  );
  return handle.asElement() as ElementHandle<HTMLInputElement>;
}

const retype = async (page: Page, input: ElementHandle<HTMLInputElement>, text: string) => {
  await input.click({ count: 3 });
  await page.keyboard.type(text);
};

describe('the inspector', () => {
  it('shows every parameter of a population with meaning, range and default, and changes them live', async () => {
    const app = await open();
    const { page, errors } = app;
    await (await row(page, 'neurons')).click();
    const tau = await field(page, 'tau_m');
    await waitForText(page, '.side.right', /Membrane time constant/);
    const inspector = await textOf(page, '.side.right');
    for (const name of ['c_m', 'v_rest', 'v_reset', 'v_thresh', 'tau_refrac', 'i_offset']) {
      expect(inspector).toContain(name);
    }
    expect(inspector).toMatch(/above 0 ms/);
    expect(inspector).toMatch(/model 15 ms/);

    const before = await shownTime(page);
    await retype(page, tau, '30 ms');
    await page.keyboard.press('Enter');
    await waitForText(page, '.side.right', /30/);
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('#undo')?.title === 'Undo: Change tau_m (Ctrl+Z)',
    );
    // The same run goes on.
    await waitForTime(page, before + 20);

    await retype(page, tau, '30 mV');
    await page.waitForSelector('.side.right .field-problem');
    expect(await textOf(page, '.side.right .field-problem')).toMatch(/tau_m.*time/);
    await page.keyboard.press('Escape');
    expect(await tau.evaluate((input) => input.value)).toBe('30 ms');

    await page.click('#undo');
    await page.waitForFunction((input) => input.value === '20 ms', {}, tau);
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it("shows an example's own parameters and builds it anew with others", async () => {
    const app = await open();
    const { page, errors } = app;
    const neurons = await field(page, 'neurons');
    await retype(page, neurons, '800');
    await page.keyboard.press('Enter');
    await waitForText(page, '#neurons', /^800$/);
    expect(errors).toEqual([]);
    await closeApp(app);
  });
});

describe('the outline', () => {
  it('adds, renames, copies and deletes by keyboard, with one step of undo each', async () => {
    const app = await open();
    const { page, errors } = app;
    await page.waitForSelector('#add');
    await page.click('#add');
    await page.click('.add-list button');
    await page.waitForSelector('.model-list button');
    await page.keyboard.type('adex');
    await page.keyboard.press('Enter');
    await waitForText(page, '#neurons', /^600$/);
    await (await row(page, 'adex')).focus();
    await page.keyboard.press('F2');
    await page.waitForSelector('.row-rename');
    await page.keyboard.type('extra cells');
    await page.keyboard.press('Enter');
    const renamed = await row(page, 'extra cells');
    await renamed.focus();
    await page.keyboard.down('Control');
    await page.keyboard.press('d');
    await page.keyboard.up('Control');
    await waitForText(page, '#neurons', /^700$/);
    await (await row(page, 'extra cells 2')).focus();
    await page.keyboard.press('Delete');
    await waitForText(page, '#neurons', /^600$/);
    for (const neurons of [/^700$/, /^600$/]) {
      await page.click('#undo');
      await waitForText(page, '#neurons', neurons);
    }
    // The copy is undone; the name still is the new one.
    await row(page, 'extra cells');
    await page.click('#undo');
    await row(page, 'adex');
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it('says what goes along before a population is deleted', async () => {
    const app = await open();
    const { page } = app;
    await (await row(page, 'exc')).click();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await (await row(page, 'neurons')).click();
    await page.keyboard.press('Delete');
    await page.waitForSelector('.outline-ask');
    expect(await textOf(page, '.outline-ask')).toMatch(/projection exc, projection inh/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.outline-ask', { hidden: true });
    await row(page, 'neurons');
    await closeApp(app);
  });
});

describe('the picture', () => {
  it('selects by click and connects by drag', async () => {
    const app = await open('#example=izhikevich&engine=cpu&neurons=100');
    const { page, errors } = app;
    await page.waitForSelector('.picture-node');
    const nodes = await page.$$('.picture-node');
    const centre = async (node: ElementHandle<Element> | undefined) => {
      const box = await node?.boundingBox();
      if (!box) throw new Error('The picture has two populations.');
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    const [from, to] = [await centre(nodes[0]), await centre(nodes[1])];
    await page.mouse.click(from.x, from.y);
    await waitForText(page, '.inspector-title', /^excitatory/);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, from.y, { steps: 4 });
    await page.waitForSelector('.picture-drag');
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await waitForText(page, '.inspector-title', /^excitatory to inhibitory/);
    expect(await page.$$eval('.picture-edge', (all) => all.length)).toBe(5);
    expect(errors).toEqual([]);
    await closeApp(app);
  });
});

describe('quick sliders', () => {
  it('change the running network at once, in one step of undo for a drag', async () => {
    const app = await open();
    const { page, errors } = app;
    await page.waitForSelector('.quick-slider');
    const before = await shownTime(page);
    const [, inhibition] = await page.$$('.quick-slider');
    await inhibition?.focus();
    for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowLeft');
    await waitForText(page, '.quick-controls', /× 0\.5/);
    await waitForTime(page, before + 10);
    await page.click('#undo');
    await waitForText(page, '.quick-controls', /67 nS/);
    expect(await page.$eval('#undo', (button) => (button as HTMLButtonElement).disabled)).toBe(
      true,
    );
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it('make room where weights outgrow what the network was built for', async () => {
    const app = await open();
    const { page, errors } = app;
    await page.waitForSelector('.quick-slider');
    const excitation = await page.$('.quick-slider');
    await excitation?.focus();
    await page.keyboard.press('End');
    await waitForText(page, '#title', /edited/);
    await page.keyboard.press('Home');
    await waitForText(page, '.quick-controls', /× 0/);
    await waitForTime(page, 20);
    expect(await page.$$('.failure')).toEqual([]);
    expect(errors).toEqual([]);
    await closeApp(app);
  });
});

describe('on every screen', () => {
  it.each([390, 820, 1280])(
    '%i pixels: fits, and axe-core finds nothing serious',
    async (width) => {
      const app = await open(COBA, { width, height: 900 });
      const { page } = app;
      if (width < 1200) await page.click('#build');
      await (await row(page, 'exc')).click();
      await field(page, 'w_exc');
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.screenshot({ path: `.cache/screenshots/build-${width}.png` });
      await closeApp(app);
    },
  );
});

/** Addresses that take a while: what somebody opens meanwhile stays open. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAddress } from '../../../../src/app/keep/opening.ts';
import { createApp } from '../../../../src/app/state/app.ts';
import { exampleProject } from '../../../../src/app/state/project.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';

const document = (examples.cuba as Example).build();
let arrive: (result: unknown) => void = () => undefined;
let fail: (error: Error) => void = () => undefined;

vi.mock('../../../../src/app/tools/client.ts', () => ({
  callTool: () =>
    new Promise((resolve, reject) => {
      arrive = resolve;
      fail = reject;
    }),
}));

beforeEach(() => vi.stubGlobal('location', { href: 'https://here.example/' }));
afterEach(() => vi.unstubAllGlobals());

function setUp() {
  const app = createApp({
    project: exampleProject('coba'),
    createWorker: () => ({ postMessage: () => undefined, terminate: () => undefined }) as never,
  });
  const otherwise = vi.fn();
  const opening = openAddress(app, '#src=https://there.example/a.json', app.open, otherwise);
  return { app, opening, otherwise };
}

describe('a document that is fetched', () => {
  it('is opened when it comes', async () => {
    const { app, opening } = setUp();
    arrive(document);
    await opening;
    expect(app.project.value.document).toBe(document);
  });

  it('does not replace what was opened meanwhile', async () => {
    const { app, opening, otherwise } = setUp();
    const other = exampleProject('brunel');
    app.open(other);
    arrive(document);
    await opening;
    expect(app.project.value).toBe(other);
    expect(otherwise).not.toHaveBeenCalled();
  });

  it('is not missed any more, when something else was opened', async () => {
    const { app, opening, otherwise } = setUp();
    app.open(exampleProject('brunel'));
    fail(new Error('no connection'));
    await opening;
    expect(app.badAddress.value).toBeNull();
    expect(otherwise).not.toHaveBeenCalled();
  });
});

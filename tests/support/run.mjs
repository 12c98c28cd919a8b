/**
 * The test command: makes sure that there is a browser and a Vulkan driver, builds, runs vitest, and closes with one
 * line `N passed, N failed`. Arguments go to vitest (`npm run test:run -- tests/unit`). Not a test runner itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser, vulkanEnvironment } from './browser.mjs';

const say = (text) => process.stdout.write(`${text}\n`);

function run(command, args, env) {
  return (
    spawnSync(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' })
      .status ?? 1
  );
}

const executable = await findBrowser(say);
say(`Browser: ${executable}`);
const environment = {
  ...vulkanEnvironment(executable, say),
  PUPPETEER_EXECUTABLE_PATH: executable,
  // A machine that runs the tests always has at least the browser's software adapter: none is a fault, not a skip.
  REQUIRE_GPU: process.env.REQUIRE_GPU ?? '1',
};

if (run('npm', ['run', '--silent', 'build'], environment) !== 0) process.exit(1);

mkdirSync('.cache', { recursive: true });
const report = '.cache/vitest.json';
rmSync(report, { force: true });
const status = run(
  'npx',
  [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  environment,
);
const { numPassedTests, numFailedTests, numPendingTests, numTotalTests } = JSON.parse(
  readFileSync(report, 'utf8'),
);
// A file that fails to load counts no test; it must not look like a pass.
const failed = status !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
if (numPendingTests > 0)
  say(`${numPendingTests} of ${numTotalTests} tests were skipped: see the lines above for why.`);
say(`${numPassedTests} passed, ${failed} failed`);
process.exit(status);

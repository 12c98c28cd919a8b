/**
 * Finds a Chromium for the tests, or gets one: an installed browser, else the one puppeteer downloads, else the
 * system's package manager when it may. Says what it did; throws when nothing works. Also names the software Vulkan
 * driver that every Chromium carries, so that WebGPU runs in Node on machines without any driver.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A browser that lacks a system library fails here, not in the middle of a test. */
function starts(executable) {
  const result = spawnSync(executable, ['--version', '--no-sandbox'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return result.status === 0 ? result.stdout.trim() : null;
}

function installed() {
  const named = process.env.PUPPETEER_EXECUTABLE_PATH;
  if (named && !existsSync(named))
    throw new Error(`PUPPETEER_EXECUTABLE_PATH names ${named}, which does not exist.`);
  for (const executable of named ? [named] : INSTALLED) {
    if (existsSync(executable) && starts(executable)) return executable;
  }
  return null;
}

/** Where puppeteer keeps what it downloaded, whether just now or earlier. */
async function downloaded(say) {
  const { default: puppeteer } = await import('puppeteer');
  const has = () => {
    try {
      const executable = puppeteer.executablePath();
      return existsSync(executable) && starts(executable) ? executable : null;
    } catch {
      return null;
    }
  };
  if (has()) return has();
  say('No Chrome or Chromium is installed; downloading the one puppeteer uses.');
  const result = spawnSync('npx', ['puppeteer', 'browsers', 'install', 'chrome'], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '' },
  });
  if (result.status !== 0)
    say(`That failed: ${(result.stderr || String(result.error)).trim().split('\n').at(-1)}`);
  return has();
}

function fromPackageManager(say) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return null;
  say('Installing Debian package "chromium" with apt-get.');
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync(
      'apt-get',
      ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      options,
    );
  } catch (error) {
    say(`That failed: ${error.message}`);
  }
  return installed();
}

/** Path of a Chromium that starts. `say` is told, in a sentence, whatever had to be done. */
export async function findBrowser(say = () => {}) {
  const executable = installed() ?? (await downloaded(say)) ?? fromPackageManager(say);
  if (!executable) {
    throw new Error(
      'The browser tests need Chrome or Chromium: none is installed, puppeteer could not download one, and no ' +
        'package manager could be used (that takes root and apt-get). Install Chromium, or set ' +
        'PUPPETEER_EXECUTABLE_PATH to one, and run the tests again.',
    );
  }
  return executable;
}

/** Prints the adapter that Node's WebGPU finds and gets a device from, or fails. */
const PROBE = `
import { create, globals } from 'webgpu';
Object.assign(globalThis, globals);
const gpu = create([]);
const adapter = await gpu.requestAdapter();
const device = await adapter.requestDevice();
console.log(adapter.info.description || adapter.info.vendor);
device.destroy();
`;

/** Name of the adapter of Node's WebGPU under an environment, or null. */
function probeAdapter(environment) {
  const result = spawnSync(process.execPath, ['--input-type=module', '--eval', PROBE], {
    encoding: 'utf8',
    timeout: 60_000,
    env: environment,
  });
  return result.status === 0 ? result.stdout.trim() : null;
}

/**
 * Environment for Node processes that use WebGPU: the system's own Vulkan driver where it works, else the software
 * driver that comes with the browser. Must be set before the process starts, because the Vulkan loader reads it then.
 */
export function vulkanEnvironment(executable, say = () => {}, environment = process.env) {
  const own = probeAdapter(environment);
  if (own) {
    say(`WebGPU in Node: ${own}`);
    return { ...environment };
  }
  // Debian's /usr/bin/chromium is a script beside which nothing lies.
  const folders = [dirname(realpathSync(executable)), '/usr/lib/chromium'];
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  if (!folder) {
    say('WebGPU in Node: no Vulkan driver, and none beside the browser.');
    return { ...environment };
  }
  const withBrowsers = {
    ...environment,
    LD_LIBRARY_PATH: [environment.LD_LIBRARY_PATH, folder].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  };
  say(
    `WebGPU in Node: ${probeAdapter(withBrowsers) ?? 'none'}, the browser's driver, for lack of another`,
  );
  return withBrowsers;
}

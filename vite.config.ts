/**
 * One configuration for everything that is built, served and tested: the page (default), the library and the command
 * line (`--mode node`), the benchmark (`--mode bench`), and vitest.
 */

import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig as UserConfig } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Packages that an installation brings; wgsl-preprocessor has no entry point that Node could load. */
const { dependencies } = JSON.parse(readFileSync(path('./package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const packages = ['webgpu', 'vite', 'puppeteer', ...Object.keys(dependencies)]
  .filter((name) => name !== 'wgsl-preprocessor')
  .map((name) => new RegExp(`^${name}(/|$)`));

/** Lets the page use SharedArrayBuffer and 5 µs timers; nothing requires them. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What the production page may do. Nothing is evaluated but WebAssembly, no style is written in HTML, and other sites give
 * data only: a document that an address names.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "worker-src 'self' blob:",
  "connect-src 'self' https:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The policy is in the page itself, because not every host can send headers; the preview sends it for workers too. */
const contentSecurity: Plugin = {
  name: 'content-security',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
};

/**
 * The page works without a network after its first visit: a service worker with the list of all files that were built,
 * and what an installed page shows.
 */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const source = (name: string): string =>
      readFileSync(path(`./src/app/offline/${name}`), 'utf8');
    for (const name of ['icon.svg', 'manifest.webmanifest']) {
      this.emitFile({ type: 'asset', fileName: name, source: source(name) });
    }
    const files = Object.keys(bundle)
      .filter((name) => !name.endsWith('.map') && !/^(LICENSE|THIRD-PARTY)/.test(name))
      .sort();
    const contents = createHash('sha256');
    for (const name of files) {
      const file = bundle[name];
      contents.update(name).update(file?.type === 'chunk' ? file.code : (file?.source ?? ''));
    }
    const list = ['./', ...files.map((name) => `./${name}`)];
    this.emitFile({
      type: 'asset',
      fileName: 'service-worker.js',
      source: source('service-worker.js')
        .replace('__VERSION__', contents.digest('hex').slice(0, 16))
        .replace('__FILES__', JSON.stringify(list)),
    });
  },
  transformIndexHtml: (_html, { path: page }) => {
    const top = page.includes('/bench/') ? '../' : './';
    const href = `${top}manifest.webmanifest`;
    return [{ tag: 'link', attrs: { rel: 'manifest', href }, injectTo: 'head' }];
  },
};

/** The page carries the licences of the libraries in it. */
const licences: Plugin = {
  name: 'licences',
  apply: 'build',
  generateBundle() {
    for (const fileName of ['LICENSE', 'THIRD-PARTY.md']) {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(path(`./${fileName}`)) });
    }
  },
};

/** Chunks carry a hash in their names: those of earlier builds would stay, and be published, for ever. */
const freshChunks: Plugin = {
  name: 'fresh-chunks',
  apply: 'build',
  buildStart() {
    const { outDir } = this.environment.config.build;
    rmSync(join(outDir, 'chunks'), { recursive: true, force: true });
  },
};

const page: UserConfig = {
  plugins: [licences, contentSecurity, offline],
  root: path('./src/app'),
  base: './',
  build: {
    outDir: path('./dist/app'),
    emptyOutDir: true,
    target: 'esnext',
    rollupOptions: {
      input: { app: path('./src/app/index.html'), bench: path('./src/app/bench/index.html') },
    },
  },
  // The edition of regl that takes code with it, where pages may not evaluate any.
  resolve: { alias: [{ find: /^regl$/, replacement: '@plotly/regl' }] },
  worker: { format: 'es' },
  server: { headers: isolationHeaders, fs: { allow: [path('.')] } },
  preview: { headers: { ...isolationHeaders, 'Content-Security-Policy': policy } },
};

/** Plain ESM for Node: shaders are inlined, packages stay packages (except wgsl-preprocessor, which has no entry point). */
function nodeBuild(entries: Record<string, string>, folder = './dist'): UserConfig {
  return {
    publicDir: false,
    // The engine finds the script of its threads from where it lies itself, wherever that is installed.
    base: './',
    worker: {
      format: 'es',
      rollupOptions: { output: { entryFileNames: 'chunks/[name]-[hash].js' } },
    },
    build: {
      target: 'node20',
      outDir: path(folder),
      emptyOutDir: false,
      minify: false,
      lib: { entry: entries, formats: ['es'] },
      rollupOptions: {
        external: [/^node:/, ...builtinModules, ...packages],
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

/** `<wetware-network>` for other people's pages: everything in it, and its workers beside it. */
const element: UserConfig = {
  publicDir: false,
  base: './',
  worker: {
    format: 'es',
    rollupOptions: {
      output: {
        entryFileNames: 'element/[name]-[hash].js',
        chunkFileNames: 'element/[name]-[hash].js',
      },
    },
  },
  build: {
    target: 'esnext',
    outDir: path('./dist'),
    emptyOutDir: false,
    cssCodeSplit: false,
    lib: {
      entry: { element: path('./src/app/element/element.tsx') },
      formats: ['es'],
      cssFileName: 'element/unused',
    },
    minify: true,
    rollupOptions: { output: { chunkFileNames: 'element/[name]-[hash].js' } },
  },
  plugins: [
    {
      name: 'fresh-element',
      buildStart() {
        const { outDir } = this.environment.config.build;
        rmSync(join(outDir, 'element'), { recursive: true, force: true });
      },
    },
  ],
};

export default defineConfig(({ mode }): UserConfig => {
  const test: UserConfig['test'] = {
    include: ['tests/**/*.test.ts'],
    root: path('.'),
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // A browser on a busy machine may be slower than a test waits; what fails twice is a fault. Retries are printed.
    retry: 1,
  };
  if (mode === 'node') {
    const library = nodeBuild({
      index: path('./src/index.ts'),
      examples: path('./src/examples/index.ts'),
      biomedical: path('./src/biomedical/index.ts'),
      io: path('./src/io/index.ts'),
      'io/connectome': path('./src/io/connectome.ts'),
      'io/sonata': path('./src/io/sonata/index.ts'),
      'io/nir': path('./src/io/nir/index.ts'),
      'io/neuroml': path('./src/io/neuroml/index.ts'),
      'io/scripts': path('./src/io/scripts/index.ts'),
      'io/results': path('./src/io/results.ts'),
      'io/node': path('./src/io/node.ts'),
      cli: path('./src/cli/main.ts'),
    });
    return { ...library, plugins: [freshChunks] };
  }
  if (mode === 'bench') {
    const entries = {
      bench: path('./bench/main.ts'),
      'bench-measure': path('./bench/measure-process.ts'),
    };
    return { ...nodeBuild(entries, './dist/bench'), plugins: [freshChunks] };
  }
  if (mode === 'element') return element;
  if (mode === 'test') return { test };
  return { ...page, test };
});

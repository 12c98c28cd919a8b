/**
 * One configuration for everything that is built, served and tested: the page (default), the library and the command
 * line (`--mode node`), the benchmark (`--mode bench`), and vitest.
 */

import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig as UserConfig } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Packages that a user's own installation brings; wgsl-preprocessor has no entry point that Node could load. */
const { dependencies } = JSON.parse(readFileSync(path('./package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const packages = ['webgpu', ...Object.keys(dependencies)]
  .filter((name) => name !== 'wgsl-preprocessor')
  .map((name) => new RegExp(`^${name}(/|$)`));

/** Lets the page use SharedArrayBuffer and 5 µs timers; nothing requires them. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const page: UserConfig = {
  root: path('./src/app'),
  base: './',
  build: { outDir: path('./dist/app'), emptyOutDir: true, target: 'esnext' },
  worker: { format: 'es' },
  server: { headers: isolationHeaders, fs: { allow: [path('.')] } },
  preview: { headers: isolationHeaders },
};

/** Plain ESM for Node: shaders are inlined, packages stay packages (except wgsl-preprocessor, which has no entry point). */
function nodeBuild(entries: Record<string, string>): UserConfig {
  return {
    publicDir: false,
    build: {
      target: 'node20',
      outDir: path('./dist'),
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

export default defineConfig(({ mode }): UserConfig => {
  const test: UserConfig['test'] = {
    include: ['tests/**/*.test.ts'],
    root: path('.'),
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  };
  if (mode === 'node') {
    return nodeBuild({
      index: path('./src/index.ts'),
      examples: path('./src/examples/index.ts'),
      io: path('./src/io/index.ts'),
      'io/connectome': path('./src/io/connectome.ts'),
      'io/sonata': path('./src/io/sonata/index.ts'),
      'io/nir': path('./src/io/nir/index.ts'),
      'io/neuroml': path('./src/io/neuroml/index.ts'),
      'io/results': path('./src/io/results.ts'),
      'io/node': path('./src/io/node.ts'),
      cli: path('./src/cli/main.ts'),
    });
  }
  if (mode === 'bench') return nodeBuild({ bench: path('./bench/main.ts') });
  if (mode === 'test') return { test };
  return { ...page, test };
});

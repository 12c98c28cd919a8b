/** The package has no entry point and no types; only its template tag is used (see shaders.ts). */
declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  export function wgsl(
    strings: TemplateStringsArray | readonly string[],
    ...values: readonly unknown[]
  ): string;
}

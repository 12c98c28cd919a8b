/** Which graphics adapter there is, for those who only want to know. Loads the GPU code when called, not before. */
import type { AdapterDescription } from './engine.ts';
import { describeValue, isPlainObject } from './language/argument.ts';

/** An adapter and what it grants; limits by their WebGPU names, in bytes or counts. */
export interface FoundAdapter {
  readonly description: AdapterDescription;
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * The adapter that a GPU simulation would use, or null where there is no WebGPU. `adapter`: part of the name of the one
 * wanted (Node only); throws DeviceError "no-adapter" when no name contains it, TypeError for wrong options.
 */
export async function describeAdapter(
  options: { readonly adapter?: string } = {},
): Promise<FoundAdapter | null> {
  if (!isPlainObject(options) || Object.keys(options).some((key) => key !== 'adapter')) {
    throw new TypeError(
      `describeAdapter: options must be an object such as { adapter: "nvidia" }, got ${describeValue(options)}.`,
    );
  }
  const { adapter } = options;
  if (adapter !== undefined && (typeof adapter !== 'string' || adapter.trim() === '')) {
    throw new TypeError(
      `describeAdapter: adapter must be part of a name, got ${describeValue(adapter)}.`,
    );
  }
  const { describeAdapter: describe } = await import('./gpu/device.ts');
  return describe(adapter === undefined ? {} : { adapter });
}

/** Where the device comes from, and what is said when there is none. */
import { expect, test } from 'vitest';
import { describeAdapter, requestGpu } from '../../../src/gpu/device.ts';
import { isExact } from '../../../src/gpu/probe.ts';
import { describeGpu } from '../../support/gpu.ts';

describeGpu('device', (device) => {
  test('has the limits of the adapter, which is described', async () => {
    const adapter = await describeAdapter();
    expect(adapter?.description.description).not.toBe('');
    expect(typeof adapter?.description.isFallback).toBe('boolean');
    for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const) {
      expect(device.limits[limit]).toBe(adapter?.limits[limit]);
    }
  });

  test('an adapter that does not exist: what was asked for and what to do', async () => {
    await expect(requestGpu({ adapter: 'no such GPU' })).rejects.toMatchObject({
      name: 'DeviceError',
      reason: 'no-adapter',
      message: expect.stringMatching(/whose name contains "no such GPU"[\s\S]*Vulkan driver/),
    });
  });

  test('software adapters compute exactly, in order and strictly', async () => {
    const { description } = (await describeAdapter()) ?? {};
    if (description?.isFallback !== true) return;
    expect(await isExact(device, 'ordered')).toBe(true);
    expect(await isExact(device, 'strict')).toBe(true);
  });
});

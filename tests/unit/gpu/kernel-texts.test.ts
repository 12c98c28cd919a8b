import { expect, it } from 'vitest';
import { examples } from '../../../src/examples/index.ts';
import { compileNetwork, kernelTexts } from '../../../src/index.ts';

const network = (name: string) =>
  (examples as Readonly<Record<string, (typeof examples)[keyof typeof examples]>>)[name]?.build(
    {},
    { seed: 1 },
  ) as never;

it.each(['coba', 'receptors', 'gap-junction', 'gene-to-spike', 'tagging'])(
  'every kernel of %s is told once, as a whole shader',
  async (name) => {
    const compiled = compileNetwork(network(name));
    const { plan } = compiled;
    const texts = await kernelTexts(compiled);
    const kernels = [...plan.update, ...plan.deliver, ...plan.summed, ...plan.clocked];
    for (const kernel of kernels) {
      const of = texts.filter((text) => text.name === kernel.name);
      expect([kernel.name, of.length]).toEqual([kernel.name, 1]);
      expect(of[0]?.code).toMatch(/@compute[\s\S]*fn main\(/);
    }
    const reactions = texts.filter((text) => text.name.endsWith(', reaction'));
    expect(reactions.length).toBeLessThanOrEqual(plan.fields.length);
  },
);

it('says what GPUs cannot do', async () => {
  const compiled = compileNetwork(network('coba'), { precision: 'f64' });
  await expect(kernelTexts(compiled)).rejects.toThrow(RangeError);
});

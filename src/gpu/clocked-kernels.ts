/**
 * Clock-driven synapse equations as shaders: fills clocked.wgsl with the emitted statements and with the loads and stores
 * around them. Text only, as in kernels.ts.
 */
import { WgslEmitter } from '../language/emit-wgsl.ts';
import type { ClockedKernel } from '../plan/plan.ts';
import { usesOf } from './kernel-uses.ts';
import { type KernelContext, loaded, Names, refuse } from './names.ts';
import { loadShader, type Shader } from './shaders.ts';
import { sideVariables, synapseSurroundings } from './synapse-kernels.ts';

/** clocked.wgsl for one kernel. */
export function clockedShader(kernel: ClockedKernel, context: KernelContext): Shader {
  const { ends, preVariables, postVariables, synapseVariables } = kernel;
  const names = new Names('clocked');
  const uses = usesOf([kernel.body], []);
  const variables = sideVariables(kernel, uses, names);
  names.addConstants(uses);
  const emitter = new WgslEmitter({ ...synapseSurroundings(names, context), add: refuse('add') });
  const indent = '  ';
  const written = variables.filter((v) => v.isWritten);
  const statements = [
    ...names.constantLines('row_constants', indent),
    ...variables.map((v) => indent + v.cells.replace('PROJECTION', 'projection')),
    ...variables.map(
      (v) => `${indent}${v.isWritten ? 'var' : 'let'} ${v.identifier} = ${loaded(v, v.cell)};`,
    ),
    emitter.statements(kernel.body, indent),
    ...written.map((v) => `${indent}${v.cell} = bitcast<u32>(${v.identifier});`),
  ];
  const check = written.flatMap(({ name, type, identifier }) => {
    const code = synapseVariables.findIndex((one) => one.name === name);
    const report = `report_fault(REPORT_NOT_FINITE, 0u, report_number * FAULT_CODES + ${code}u);`;
    return type === 'f32'
      ? [`${indent}if (!is_finite(${identifier})) {`, `${indent}  ${report}`, `${indent}}`]
      : [];
  });
  return loadShader('clocked', {
    flags: {
      READS_STATE: preVariables.length + postVariables.length > 0,
      READS_ENDS: ends.pre >= 0 || ends.post >= 0,
      READS_PRE: ends.pre >= 0,
      READS_POST: ends.post >= 0,
    },
    inserts: {
      declarations: emitter.functions(),
      statements: statements.join('\n'),
      check: check.join('\n'),
    },
  });
}

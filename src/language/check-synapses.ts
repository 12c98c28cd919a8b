/**
 * What is special about the equations of a projection: names that must not clash with those of the neurons, targets of
 * summed variables, `lastupdate`, and warnings about cost.
 */
import type { CheckedProjection, SourceBlock, TypedAssignment, Variable } from './ast.ts';
import { inUnit, report } from './check-context.ts';
import type { Bag, Declaration } from './check-declarations.ts';
import type { Ends, Scope } from './check-names.ts';
import { isPresynaptic } from './event-driven.ts';
import { suggest } from './messages.ts';
import { dependenceOf, LocalDependences, presynapticOf, writerOf } from './presynaptic.ts';
import { describeDimension, sameDimension } from './units.ts';
import { typedReads } from './walk.ts';

/** Whether a variable brings `lastupdate`, the time of the last event. */
export const bringsLastUpdate = ({ flags }: Pick<Variable, 'flags'>): boolean =>
  flags.includes('event-driven') || flags.includes('presynaptic');

/** Checks the names that a projection declares against its two populations. */
export function checkSynapseNames(
  eqs: SourceBlock,
  declared: ReadonlyMap<string, Declaration>,
  ends: Ends,
  bag: Bag,
): void {
  const hasEventDriven = [...declared.values()].some(bringsLastUpdate);
  for (const declaration of declared.values()) {
    const { name, flags, equation } = declaration;
    const context = { block: eqs, problems: bag.problems };
    if (flags.includes('summed')) {
      checkSummed(eqs, declaration, ends, bag);
      continue;
    }
    const side = ends.post?.variables.some((variable) => variable.name === name)
      ? 'target'
      : ends.pre?.variables.some((variable) => variable.name === name)
        ? 'source'
        : null;
    if (side !== null) {
      const message = `${name} is also a variable of the ${side} population`;
      report(context, equation.nameSpan, 'name-clash', message, { hint: 'Choose another name' });
    }
    if (name === 'lastupdate' && hasEventDriven) {
      const message =
        'lastupdate exists already, because of the event-driven equations or presynaptic variables';
      report(context, equation.nameSpan, 'name-clash', message, { hint: 'Remove this line' });
    }
  }
}

/** `x_post = … (summed)` needs a plain variable x : unit in the target population. */
function checkSummed(eqs: SourceBlock, declaration: Declaration, ends: Ends, bag: Bag): void {
  const { name, dimension, equation } = declaration;
  const fail = (code: string, message: string, hint: string): void => {
    report({ block: eqs, problems: bag.problems }, equation.nameSpan, code, message, { hint });
  };
  if (name.endsWith('_pre')) {
    fail('unsupported', '`x_pre = … (summed)` is not supported yet', 'Sum over the target, x_post');
    return;
  }
  const base = /^(.+)_post$/.exec(name)?.[1];
  if (base === undefined) {
    fail('summed', 'a summed variable belongs to the target', `Write ${name}_post = \u2026`);
    return;
  }
  if (ends.post === null) {
    fail('no-variables', 'the target of this projection is a spike list, without variables', '');
    return;
  }
  const target = ends.post.variables.find((variable) => variable.name === base);
  const unit = dimension === null ? 'unit' : describeDimension(dimension);
  if (target === undefined) {
    const parameters = ends.post.variables.filter((variable) => variable.kind === 'parameter');
    const guess = suggest(
      base,
      parameters.map((variable) => variable.name),
    );
    const hint =
      guess === undefined ? `Add ${base} : ${unit} to its eqs` : `Did you mean ${guess}_post?`;
    fail('summed', `the target population has no variable ${base}`, hint);
    return;
  }
  const wrong = unsuitable(target);
  if (wrong !== null) {
    fail(
      'summed',
      `${base} of the target population is ${wrong}`,
      `Declare it as ${base} : ${unit}`,
    );
    return;
  }
  if (dimension !== null && !sameDimension(dimension, target.dimension)) {
    const message = `declared ${inUnit(dimension)}, but ${base} of the target population is ${inUnit(target.dimension)}`;
    fail('dimension-mismatch', message, `Write : ${describeDimension(target.dimension)}`);
  }
}

/** Reports statements that write what a summed variable sets at every step. */
export function checkSummedWrites(
  block: SourceBlock,
  statements: readonly TypedAssignment[],
  declared: ReadonlyMap<string, Declaration>,
  bag: Bag,
): void {
  for (const { target, span } of statements) {
    if (target.role !== 'variable' || target.side !== 'post') continue;
    if (!declared.get(`${target.name}_post`)?.flags.includes('summed')) continue;
    const message = `${target.name} is summed over the synapses at every step, which would undo this`;
    const hint = 'Add to another variable';
    report({ block, problems: bag.problems }, span, 'summed', message, { hint });
  }
}

function unsuitable(target: Variable): string | null {
  if (target.kind === 'differential') return 'a differential equation';
  if (target.kind === 'subexpression') return 'a subexpression';
  if (target.type !== 'float') return target.type === 'integer' ? 'an integer' : 'boolean';
  const flag = target.flags.find((candidate) => candidate === 'constant' || candidate === 'shared');
  return flag === undefined ? null : `declared (${flag})`;
}

/**
 * Checks statements that write presynaptic variables: one pathway of presynaptic spikes may do so, and what it writes must
 * be the same for all synapses of a neuron.
 */
export function checkPresynaptic(model: CheckedProjection, bag: Bag): void {
  const shared = presynapticOf(model);
  if (shared.length === 0) return;
  const names = new Set(shared.map(({ name }) => name));
  const writer = writerOf(model);
  const isMixed = model.variables.some(
    (v) => v.flags.includes('event-driven') && !isPresynaptic(v),
  );
  for (const pathway of model.pathways) {
    const label = pathway.trigger === 'pre' ? 'onPre' : 'onPost';
    const block =
      model.blocks[pathway.name === pathway.trigger ? label : `${label} ${pathway.name}`];
    if (block === undefined) continue;
    const context = { block, problems: bag.problems };
    const locals = new LocalDependences(model);
    for (const statement of pathway.statements) {
      const { target, value, span } = statement;
      locals.follow(statement);
      if (target.role !== 'variable' || target.side !== 'synapse' || !names.has(target.name))
        continue;
      if (pathway !== writer) {
        const message = `${target.name} is (presynaptic): one pathway of presynaptic spikes may change it`;
        const hint =
          writer === null || writer === pathway
            ? 'Change it in onPre'
            : `Change it in pathway ${writer.name}`;
        report(context, span, 'presynaptic', message, { hint });
        continue;
      }
      let culprit = value.span;
      const dependence = dependenceOf(model, value, locals.all, (part) => {
        culprit = part.span;
      });
      if (dependence === 'synaptic') {
        const message = `${target.name} is (presynaptic), the same for all synapses of a neuron, and this may differ between them`;
        const hint =
          'Presynaptic variables, variables of the source neuron (v_pre), parameters, draws and t - lastupdate may be read; else remove (presynaptic)';
        report(context, culprit, 'presynaptic', message, { hint });
      } else if (isMixed && readsLastUpdate(value)) {
        const message =
          'lastupdate is the last event of any kind here, because the synapse has event-driven variables of its own';
        const hint = `Write d${target.name}/dt = \u2026 (presynaptic) instead`;
        report(context, span, 'presynaptic', message, { hint });
      }
    }
  }
}

const readsLastUpdate = (value: TypedAssignment['value']): boolean =>
  typedReads(value).some(({ role, name }) => role === 'special' && name === 'lastupdate');

/** Warnings about a checked projection: equations integrated every step, parameters hidden by variables. */
export function synapseWarnings(model: CheckedProjection, scope: Scope): string[] {
  const warnings: string[] = [];
  for (const { name, kind, flags, line } of model.variables) {
    if (
      kind === 'differential' &&
      !flags.some((flag) => flag.endsWith('-driven') || flag === 'presynaptic' || flag === 'slow')
    ) {
      warnings.push(
        `eqs line ${line}: ${name} is integrated in every synapse at every step; add (event-driven) if it is only needed at spikes, (slow) if it changes slowly, or (clock-driven) to silence this`,
      );
    }
    if (Object.hasOwn(scope.params, name)) {
      warnings.push(
        `eqs line ${line}: the variable ${name} hides the parameter of the same name; give its values with initial`,
      );
    }
  }
  return warnings;
}

/** Parameters of library models that neurons read from fields instead. */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { describeDimension, parseQuantity } from '../language/units.ts';
import type { NeuronModelOptions } from './model.ts';

/** Options of `Network.population` that read fields. */
export interface LinkedModelOptions extends NeuronModelOptions {
  readonly links: Readonly<Record<string, string>>;
}

/**
 * The options with parameters read from fields: each neuron sees the concentration of the voxel that holds it.
 *
 *     net.population('msn', 100, {
 *       ...linkFields(models.dopamineOccupancy.with(), { dopamine: 'striatum.C' }),
 *       positions,
 *     })
 *
 * `links` gives for a parameter the field and its variable. A first value that reads the parameter takes that of the table
 * of parameters, since fields have no value yet when neurons begin. Throws NetworkError for what is no parameter.
 */
export function linkFields(
  options: NeuronModelOptions,
  links: Readonly<Record<string, string>>,
): LinkedModelOptions {
  if (!isPlainObject(options) || !isPlainObject(options.params) || 'with' in options) {
    throw new TypeError(
      `linkFields: options must be those of a model, such as models.dopamineOccupancy.with(), got ${describeValue(options)}.`,
    );
  }
  if (!isPlainObject(links)) {
    throw new TypeError(
      `linkFields: links must be an object such as { dopamine: "striatum.C" }, got ${describeValue(links)}.`,
    );
  }
  const params = { ...options.params };
  const initial = { ...options.initial };
  const declarations: string[] = [];
  for (const [name, source] of Object.entries(links)) {
    if (typeof source !== 'string' || !/^[^.]+\.[^.]+$/.test(source)) {
      throw new TypeError(
        `linkFields: ${name} must be read from "field.variable", got ${describeValue(source)}.`,
      );
    }
    const value = params[name];
    if (value === undefined) throw noParameter(options.model, name, Object.keys(params));
    const { dimension } = parseQuantity(value, `linkFields: ${name}`);
    declarations.push(`${name} : ${describeDimension(dimension)} (linked)`);
    delete params[name];
    for (const [variable, first] of Object.entries(initial)) {
      if (typeof first !== 'string') continue;
      initial[variable] = first.replace(
        new RegExp(`\\b${name}\\b`, 'g'),
        `(${String(value).replace(' ', '*')})`,
      );
    }
  }
  return {
    ...options,
    eqs: [options.eqs, ...declarations].join('\n'),
    params,
    initial,
    links,
  };
}

function noParameter(model: string, name: string, known: readonly string[]): NetworkError {
  const meant = suggest(name, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new NetworkError(
    `linkFields: "${name}" is no parameter of model "${model}".${hint} Known: ${listNames(known, 40) || 'none'}.`,
    { path: `model "${model}"`, value: name },
  );
}

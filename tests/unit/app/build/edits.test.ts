/**
 * Edits of documents: each result passes validateDocument, shares what it does not change, and what refers to a thing
 * follows it or goes with it. Examples are the subjects, because they use everything that a document can say.
 */
import { describe, expect, it } from 'vitest';
import {
  addField,
  addInput,
  addIntervention,
  addPopulation,
  addProjection,
  addRecording,
  addSpikeList,
  addTimedArray,
  usualProjection,
} from '../../../../src/app/build/edits/add.ts';
import { copyPart } from '../../../../src/app/build/edits/copy.ts';
import { findPart, freshName, namesOf, PART_KINDS } from '../../../../src/app/build/edits/parts.ts';
import { dependents, removePart } from '../../../../src/app/build/edits/remove.ts';
import { nameProblem, renamePart } from '../../../../src/app/build/edits/rename.ts';
import { setInitial, setKey, setParam, setSize } from '../../../../src/app/build/edits/set.ts';
import { liveChanges } from '../../../../src/app/state/changes.ts';
import { examples } from '../../../../src/examples/index.ts';
import {
  compileNetwork,
  models,
  Network,
  type NetworkDocument,
  validateDocument,
} from '../../../../src/index.ts';

const build = (name: string, values = {}): NetworkDocument => {
  const example = examples[name];
  if (!example) throw new Error(`no example ${name}`);
  return example.build(values, { seed: 1 });
};

/** Small networks that between them have every kind of thing. */
const SUBJECTS: Readonly<Record<string, NetworkDocument>> = {
  coba: build('coba', { neurons: 400 }),
  brunel: build('brunel', { scale: 0.04 }),
  izhikevich: build('izhikevich', { neurons: 50 }),
  striatum: build('striatum'),
  'two-neurons': build('two-neurons'),
  microcircuit: build('microcircuit', { scale: 0.01 }),
  'gene-to-spike': build('gene-to-spike'),
};

const subject = (name: string): NetworkDocument => {
  const found = SUBJECTS[name];
  if (!found) throw new Error(`no subject ${name}`);
  return found;
};

const everyPart = Object.entries(SUBJECTS).flatMap(([example, document]) =>
  PART_KINDS.flatMap((kind) =>
    namesOf(document, kind).map((name) => ({ example, document, kind, name })),
  ),
);

describe('removing', () => {
  it.each(everyPart)('$example: $kind $name leaves a well-formed document', (part) => {
    const { document, kind, name } = part;
    const before = JSON.stringify(document);
    const { readers, removed } = dependents(document, { kind, name });
    const after = removePart(document, kind, name);
    expect(findPart(after, kind, name)).toBeNull();
    expect(JSON.stringify(document)).toBe(before);
    // Linked variables and calls of timed arrays are in texts, which nobody rewrites: those are said beforehand.
    if (readers.length === 0) expect(() => validateDocument(after)).not.toThrow();
    const count = (one: NetworkDocument): number =>
      PART_KINDS.reduce((sum, each) => sum + namesOf(one, each).length, 0);
    expect(count(after)).toBe(count(document) - 1 - removed.length);
  });

  it('takes projections, inputs, recordings and interventions of a population along', () => {
    const document = build('brunel', { scale: 0.04 });
    const drug = addIntervention(document, 'external');
    expect(drug).not.toBeNull();
    const { removed } = dependents(drug?.document ?? document, {
      kind: 'population',
      name: 'neurons',
    });
    expect(removed.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'projection exc',
      'projection inh',
      'input external',
      'recording neurons spikes',
      'intervention external: weight',
    ]);
  });

  it('says who reads a field or a timed array', () => {
    expect(
      dependents(subject('striatum'), { kind: 'field', name: 'dopamine' }).readers,
    ).not.toEqual([]);
    const name = 'transmitter';
    expect(dependents(subject('two-neurons'), { kind: 'timedArray', name }).readers).toEqual([
      'pair',
    ]);
  });
});

describe('copying', () => {
  it.each(everyPart)('$example: $kind $name gives another one of the same', (part) => {
    const { document, kind, name } = part;
    const copied = copyPart(document, { kind, name });
    expect(copied).not.toBeNull();
    if (!copied) return;
    expect(() => validateDocument(copied.document)).not.toThrow();
    const { name: _, ...original } = findPart(document, kind, name) as { name?: string };
    const { name: __, ...copy } = findPart(copied.document, kind, copied.name) as { name?: string };
    expect(copy).toEqual(original);
    expect(copied.name).not.toBe(name);
  });
});

describe('renaming', () => {
  it.each(everyPart)('$example: $kind $name is followed, there and back', (part) => {
    const { document, kind, name } = part;
    if (kind === 'intervention') return;
    const other = kind === 'timedArray' ? 'something_else' : 'something else';
    expect(nameProblem(document, kind, other, name)).toBeNull();
    const renamed = renamePart(document, kind, name, other);
    expect(() => validateDocument(renamed)).not.toThrow();
    expect(findPart(renamed, kind, name)).toBeNull();
    expect(renamePart(renamed, kind, other, name)).toEqual(document);
  });

  it('changes calls of a timed array, and nothing that only looks like it', () => {
    const renamed = renamePart(subject('two-neurons'), 'timedArray', 'transmitter', 'pulse');
    const pair = findPart(renamed, 'population', 'pair');
    expect(pair?.kind === 'neurons' && pair.eqs).toContain('alpha*pulse(t)*(1 - r)');
  });

  it('follows links to a field, so that they still exist', () => {
    const renamed = renamePart(subject('striatum'), 'field', 'dopamine', 'DA pool');
    const linked = renamed.populations.flatMap((one) =>
      one.kind === 'neurons' ? Object.values(one.links ?? {}) : [],
    );
    expect(linked.some((link) => link.startsWith('DA pool.'))).toBe(true);
    expect(linked.some((link) => link.startsWith('dopamine.'))).toBe(false);
  });

  it('refuses names that are taken, empty, or no identifier where equations use them', () => {
    const document = subject('coba');
    expect(nameProblem(document, 'projection', 'neurons', 'exc')).toContain('already');
    expect(nameProblem(document, 'projection', ' ', 'exc')).toContain('needed');
    expect(nameProblem(document, 'timedArray', 'my input', 'x')).toContain('letters');
    expect(nameProblem(document, 'population', 'a"b', 'neurons')).toContain('one line');
    expect(nameProblem(document, 'population', 'neurons', 'neurons')).toBeNull();
  });
});

describe('adding', () => {
  it('makes things that compile and run, one after the other', () => {
    let { document } = new Network({ name: 'new' });
    const put = (added: { document: NetworkDocument; name: string } | null): string => {
      if (added === null) throw new Error('nothing was added');
      validateDocument(added.document);
      document = added.document;
      return added.name;
    };
    const cells = put(addPopulation(document, 'cells', 50, models.lifCondExp.with() as never));
    const others = put(addPopulation(document, 'cells', 20, models.adex.with() as never));
    expect(others).toBe('cells 2');
    const list = put(addSpikeList(document));
    put(addProjection(document, usualProjection(document, cells, others, false)));
    put(addProjection(document, usualProjection(document, others, cells, true)));
    put(addProjection(document, usualProjection(document, list, cells, false)));
    put(addInput(document, cells));
    put(addRecording(document, cells));
    put(addIntervention(document, cells));
    put(addField(document));
    put(addTimedArray(document));
    put(addRecording(document, 'field'));
    const inhibitory = document.projections[1];
    expect(inhibitory?.onPre).toBe('g_inh += weight');
    expect(() => compileNetwork(document)).not.toThrow();
  });

  it('adds every model of the library that has a threshold', () => {
    for (const model of Object.values(models)) {
      if (model.kind !== 'neuron' || model.threshold === undefined) continue;
      const { document } = new Network({
        name: 'new',
        dt: model.name === 'integer-lif' ? '1 ms' : '0.1 ms',
      });
      const cells = addPopulation(document, 'cells', 10, model.with() as never);
      const { document: connected } = addProjection(
        cells.document,
        usualProjection(cells.document, 'cells', 'cells', false),
      );
      const driven = model.name === 'poisson' ? connected : addInput(connected, 'cells').document;
      expect(() => validateDocument(driven), model.name).not.toThrow();
    }
  });

  it('deposits into a field of a population that has positions', () => {
    let { document } = new Network({ name: 'new' });
    const positions = { box: ['160 um', '160 um'] };
    const options = { ...models.poisson.with({ rate: '4 Hz' }), positions };
    document = addPopulation(document, 'terminals', 10, options as never).document;
    document = addField(document).document;
    document = addProjection(
      document,
      usualProjection(document, 'terminals', 'field', false),
    ).document;
    expect(document.projections[0]?.connect).toEqual({ rule: 'voxel' });
    expect(() => compileNetwork(document)).not.toThrow();
  });

  it('has names that differ from all owners of parameters', () => {
    const document = subject('coba');
    expect(freshName(document, 'projection', 'neurons')).toBe('neurons 2');
    expect(freshName(document, 'recording', 'neurons')).toBe('neurons');
    expect(freshName(document, 'timedArray', 'w_exc')).toBe('w_exc_2');
  });
});

describe('setting', () => {
  it('gives live changes for parameters and weights of inputs', () => {
    const document = subject('brunel');
    const louder = setParam(document, 'network', '', 'j_exc', '2 mV');
    expect(liveChanges(document, louder)).toEqual([{ owner: '', name: 'j_exc', value: '2 mV' }]);
    const slower = setParam(document, 'population', 'neurons', 'tau_m', '30 ms');
    expect(liveChanges(document, slower)).toEqual([
      { owner: 'neurons', name: 'tau_m', value: '30 ms' },
    ]);
    const driven = setKey(document, 'input', 'external', 'weight', '0.1 mV');
    expect(liveChanges(document, driven)).toEqual([
      { owner: 'external', name: 'weight', value: '0.1 mV' },
    ]);
  });

  it('returns the same document where nothing changes', () => {
    const document = subject('brunel');
    expect(setParam(document, 'network', '', 'j_exc', document.params.j_exc)).toBe(document);
    expect(setKey(document, 'input', 'external', 'n', document.inputs[0]?.n)).toBe(document);
    expect(setSize(document, 'neurons', document.populations[0]?.size ?? 0)).toBe(document);
    expect(removePart(document, 'population', 'nobody')).toBe(document);
    expect(renamePart(document, 'population', 'nobody', 'somebody')).toBe(document);
  });

  it('keeps the shares of slices when a population grows', () => {
    const document = setSize(subject('coba'), 'neurons', 1000);
    validateDocument(document);
    expect(document.projections[0]?.source).toEqual({ population: 'neurons', from: 0, to: 800 });
    expect(document.projections[1]?.source).toEqual({ population: 'neurons', from: 800, to: 1000 });
    const smallest = setSize(document, 'neurons', 1);
    expect(() => validateDocument(smallest)).not.toThrow();
  });

  it('takes first values and keys away', () => {
    const document = subject('coba');
    const bare = setInitial(document, 'population', 'neurons', 'v', undefined);
    const part = findPart(bare, 'population', 'neurons');
    expect(part?.kind === 'neurons' && Object.keys(part.initial)).toEqual(['g_exc', 'g_inh']);
    const automatic = setKey(document, 'population', 'neurons', 'method', undefined);
    expect(findPart(automatic, 'population', 'neurons')).not.toHaveProperty('method');
  });
});

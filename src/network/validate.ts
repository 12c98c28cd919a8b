/**
 * Checks that something (a file, an edited text, another program's output) is a well-formed network document. Runs
 * nothing that the document says; sizes and lists are bounded, so a hostile document costs no more than its length.
 * The fluent API uses the same checks, part by part.
 */
import { DIMENSIONS } from '../language/units.ts';
import type { NetworkDocument } from './document.ts';
import {
  checkInteger,
  checkKeys,
  checkName,
  checkObject,
  checkPositive,
  refuse,
} from './fields.ts';
import { checkAllLinks, checkFieldDocument } from './validate-field.ts';
import { checkInterventionDocument } from './validate-intervention.ts';
import {
  checkParams,
  checkPopulationDocument,
  checkTimedArray,
  type Known,
} from './validate-population.ts';
import {
  checkInputDocument,
  checkProjectionDocument,
  checkRecordingDocument,
} from './validate-projection.ts';

const LARGEST_SEED = 2 ** 32 - 1;
const LISTS = [
  'populations',
  'fields',
  'projections',
  'inputs',
  'recordings',
  'interventions',
] as const;
/** Parts that a document may leave out. */
const OPTIONAL: readonly string[] = ['fields', 'interventions'];
const KEYS = [
  ...['format', 'version', 'name', 'dt', 'seed', 'params', 'timedArrays'],
  ...LISTS.filter((list) => !OPTIONAL.includes(list)),
];
/** Most populations, projections, … in one document. */
const MOST_PARTS = 1_000_000;

/**
 * Returns the same object, known to be a network document. Throws NetworkError that says where, what was found, what
 * is allowed and what to do; unknown keys are errors with a suggestion.
 */
export function validateDocument(value: unknown): NetworkDocument {
  checkDocument(value);
  return value as NetworkDocument;
}

function checkDocument(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'toJSON' in value) {
    refuse(
      'The network document',
      'plain data',
      value,
      'Pass the document of a Network, net.document.',
    );
  }
  checkObject(value, 'The network document');
  if (value.format !== 'wetware') {
    refuse('format', '"wetware"', value.format, 'Is this a network document?');
  }
  if (value.version !== 1) {
    refuse('version', '1', value.version, 'A newer document needs a newer wetware.');
  }
  checkKeys(value, 'The network document', KEYS, OPTIONAL);
  const known = checkHeader(value);
  checkObject(value.timedArrays, 'timedArrays');
  for (const [name, array] of Object.entries(value.timedArrays)) {
    checkTimedArray(name, array, known);
  }
  const check = {
    populations: checkPopulationDocument,
    fields: checkFieldDocument,
    projections: checkProjectionDocument,
    inputs: checkInputDocument,
    recordings: checkRecordingDocument,
    interventions: checkInterventionDocument,
  };
  for (const list of LISTS) {
    const parts = value[list];
    if (parts === undefined && OPTIONAL.includes(list)) continue;
    if (!Array.isArray(parts) || parts.length > MOST_PARTS) {
      refuse(list, `a list of at most ${MOST_PARTS}`, parts);
    }
    parts.forEach((part: unknown, k) => {
      check[list](part, `${list}[${k}]`, known);
    });
    if (list === 'fields') checkAllLinks(known);
  }
}

/** Checks name, time step, seed and parameters of a network; what is known after that. */
export function checkHeader(value: Readonly<Record<string, unknown>>): Known {
  checkName(value.name, 'Network: name');
  const dtMs = checkPositive(value.dt, 'Network: dt', DIMENSIONS.time, false);
  checkInteger(value.seed, 'Network: seed', 0, LARGEST_SEED);
  checkParams(value.params, 'Network');
  return {
    dtMs,
    params: new Set(Object.keys(value.params as object)),
    timedArrays: new Set(),
    populations: new Map(),
    fields: new Map(),
    projections: new Set(),
    inputs: new Set(),
    recordings: new Set(),
  };
}

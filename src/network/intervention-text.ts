/**
 * One intervention as a line of text, for command lines and addresses: "OWNER.PARAMETER*FACTOR@AT..UNTIL" or
 * "OWNER.PARAMETER=VALUE@AT..UNTIL". Reads shape only; whether the network has the parameter is checked with the document.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import type { InterventionDocument } from './document.ts';

/** What is changed, how, and when; the last dot before the operator ends the owner. */
const SHAPE = /^([^*=@]*?)([A-Za-z_]\w*)\s*([*=])\s*([^@]+)@([^@]+)$/;

const FORM =
  'Write OWNER.PARAMETER*FACTOR@AT or OWNER.PARAMETER=VALUE@AT, with ..UNTIL after AT where it ends, for example ' +
  '"terminals.vmax_dat*0.3@300ms..600ms", "cells.g_na=60 mS@1s", or without OWNER. for a parameter of the network.';

/**
 * Reads "terminals.vmax_dat*0.3@300ms..600ms" or "striatum.km=0.6 uM@1s". Without an owner the parameter is the network's;
 * "0 ms" is written @0ms. Throws NetworkError that shows the form.
 */
export function readIntervention(text: string): InterventionDocument {
  const found = typeof text === 'string' ? SHAPE.exec(text.trim()) : null;
  if (found === null) throw malformed(text);
  const [, prefix = '', parameter = '', operator, amount = '', times = ''] = found;
  if (prefix !== '' && !prefix.endsWith('.')) throw malformed(text);
  const [at = '', until, ...more] = times.split('..').map(spaced);
  if (at === '' || until === '' || more.length > 0) throw malformed(text);
  const factor = Number(amount);
  if (operator === '*' && (amount.trim() === '' || !Number.isFinite(factor))) throw malformed(text);
  return {
    at,
    ...(until === undefined ? {} : { until }),
    owner: prefix.slice(0, -1),
    parameter,
    ...(operator === '*' ? { factor } : { value: spaced(amount) }),
  };
}

/** "300ms" as people type it, "300 ms" as quantities are written; a plain number stays a text of a number. */
const spaced = (text: string): string =>
  text
    .trim()
    .replace(/^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?![eE][-+]?\d)(?=[A-Za-z])/, '$1 ');

const malformed = (text: unknown): NetworkError =>
  new NetworkError(`${describeValue(text)} is no intervention. ${FORM}`, {
    path: 'intervention',
    value: text,
  });

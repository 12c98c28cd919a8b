/** What the words of a report mean in the user's words, where kinds of faults share one range of numbers. */
import { describe, expect, it } from 'vitest';
import {
  clockedNumber,
  emptyReport,
  errorIn,
  FAULT_CODES,
  numberInReports,
  REPORT_NOT_FINITE,
} from '../../../src/gpu/report.ts';
import { Network } from '../../../src/index.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';

function plan(hasField: boolean) {
  const net = new Network({ dt: '0.1 ms' });
  const cells = net.population('cells', 3, { eqs: 'dv/dt = -v/ms : 1' });
  if (hasField) {
    const grid = { grid: [2, 2, 2], spacing: '10 um', every: '10 ms' } as const;
    net.field('first', { ...grid, eqs: 'C : mM' });
    net.field('second', { ...grid, eqs: 'D : mM' });
  }
  net
    .projection('p', cells, cells, { eqs: 'dx/dt = v_pre/ms : 1 (clock-driven)' })
    .connect({ rule: 'all-to-all' });
  return compileNetwork(net.document).plan;
}

/** The message for a fault in step 5. */
function message(of: ReturnType<typeof plan>, number: number): string {
  const report = emptyReport();
  report[REPORT_NOT_FINITE] = 5;
  report[REPORT_NOT_FINITE + 1] = number * FAULT_CODES;
  return errorIn(report, of)?.message ?? '';
}

describe.each([false, true])('with fields: %s', (hasField) => {
  it('names neurons, and synapses of clock-driven equations', () => {
    const one = plan(hasField);
    expect(message(one, 2)).toMatch(/^Population "cells": v of neuron 2 .* at step 5/);
    expect(message(one, clockedNumber(one, 0))).toMatch(/^Projection "p": x of a synapse/);
  });
});

it('names voxels of every field', () => {
  const one = plan(true);
  const [first, second] = one.fields;
  const number = (global: number): number => numberInReports(one, global);
  expect(message(one, number((first?.globalFirst ?? 0) + 7))).toMatch(
    /^Field "first": C of voxel 7/,
  );
  expect(message(one, number((second?.globalFirst ?? 0) + 1))).toMatch(
    /^Field "second": D of voxel 1/,
  );
});

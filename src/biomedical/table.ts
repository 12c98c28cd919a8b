/** A comparison as files and as text for people. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import { runTableToCsv } from '../many/table.ts';
import { plain } from '../report/numbers.ts';
import type { Comparison } from './compare.ts';

/** What stands on everything that a comparison is shown by. */
export const DISCLAIMER = 'For research and education; not clinical.';

/** Throws TypeError for what compareIntervention has not made. */
export function checkComparison(value: unknown, where: string): asserts value is Comparison {
  const isOurs = isPlainObject(value) && 'rows' in value && 'control_flags' in value;
  if (isOurs) return;
  throw new TypeError(
    `${where}: comparison must be what compareIntervention has made, got ${describeValue(value)}.`,
  );
}

const finite = (value: number): number | string | null =>
  Number.isNaN(value) ? null : Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';

/** A line for each detector; "inf" is a z-score against control runs that do not vary, an empty cell no number. */
export function comparisonToCsv(comparison: Comparison): string {
  checkComparison(comparison, 'comparisonToCsv');
  const { rows } = comparison;
  return runTableToCsv({
    columns: [
      ...['detector', 'unit', 'control_mean', 'control_sd', 'controls', 'intervention_mean'],
      ...['intervention_sd', 'interventions', 'difference', 'paired_p', 'z', 'p', 'flagged'],
      ...['flagged_runs', 'roc_area', 'expected', 'as_expected'],
    ],
    rows: rows.map((row) => [
      row.detector,
      row.unit,
      finite(row.control.mean),
      finite(row.control.deviation),
      row.control.n,
      finite(row.intervention.mean),
      finite(row.intervention.deviation),
      row.intervention.n,
      finite(row.difference),
      finite(row.paired_p),
      finite(row.z),
      finite(row.p),
      String(row.flagged),
      row.flagged_runs,
      finite(row.area),
      row.expected,
      row.as_expected === null ? null : String(row.as_expected),
    ]),
  });
}

/** A line for each detector and seed: its value in the control run and in the run with intervention. */
export function comparisonRunsToCsv(comparison: Comparison): string {
  checkComparison(comparison, 'comparisonRunsToCsv');
  const { rows, seeds } = comparison;
  return runTableToCsv({
    columns: ['detector', 'unit', 'seed', 'control', 'intervention'],
    rows: rows.flatMap(({ detector, unit, controls, interventions }) =>
      seeds.map((seed, k) => [
        detector,
        unit,
        seed,
        finite(controls[k] ?? Number.NaN),
        finite(interventions[k] ?? Number.NaN),
      ]),
    ),
  });
}

/** Everything but the spikes of the example, as JSON; no number is null, an infinite z "inf" or "-inf". */
export function comparisonToJson(comparison: Comparison): string {
  checkComparison(comparison, 'comparisonToJson');
  const { example, ...others } = comparison;
  return JSON.stringify({ note: DISCLAIMER, ...others }, (_, value: unknown) =>
    typeof value === 'number' ? finite(value) : value,
  );
}

/** Cells for people, the header first: detector, control, intervention, z, p, ROC area, remarks. */
export function comparisonCells(comparison: Comparison): string[][] {
  checkComparison(comparison, 'comparisonCells');
  const { rows } = comparison;
  const head = ['detector', 'control', 'intervention', 'z', 'p', 'ROC', ''];
  return [
    head,
    ...rows.map(
      ({ detector, unit, control, intervention, z, p, area, flagged, expected, as_expected }) => [
        unit === '1' || unit === '' ? detector : `${detector} [${unit}]`,
        meanText(control),
        meanText(intervention),
        zText(z),
        pText(p),
        Number.isNaN(area) ? '–' : area.toFixed(2),
        [
          flagged ? 'flagged' : '',
          as_expected === null
            ? ''
            : `${expected}${as_expected ? ' as expected' : ' expected, but does not'}`,
        ]
          .filter((text) => text !== '')
          .join(', '),
      ],
    ),
  ];
}

/** "12.3 ± 0.4", or a dash for no number. */
export function meanText({ n, mean, deviation }: Comparison['rows'][number]['control']): string {
  if (n === 0) return '–';
  return deviation > 0 ? `${plain(mean)} ± ${plain(deviation)}` : plain(mean);
}

/** "+12.3", "−0.4", "+∞". */
export function zText(z: number): string {
  if (Number.isNaN(z)) return '–';
  const size = Number.isFinite(z) ? Math.abs(z).toFixed(Math.abs(z) < 100 ? 1 : 0) : '∞';
  return `${z < 0 ? '−' : '+'}${size}`;
}

/** "0.019", "< 0.0001". */
export function pText(p: number): string {
  if (Number.isNaN(p)) return '–';
  return p < 1e-4 ? '< 0.0001' : p.toPrecision(2);
}

/** The report's style sheet, as text: it goes into the file itself, and into the page of the bench. */

/**
 * Colours are Okabe and Ito's, darker on light and lighter on dark ground; shape and dash repeat what colour says.
 * Layout needs no width: names and values stand above their bars.
 */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --background: #f4f6f8; --panel: #ffffff; --text: #1b2128; --quiet: #59636e; --line: #d5dbe1; --strong: #8a949e;
  --k0: #0072b2; --k1: #c75000; --k2: #00805c; --k3: #a8487f; --k4: #7a6a00; --k5: #2a8fcb; --k6: #59636e;
  --warn: #fff3d1; --warn-text: #6b4a00;
  font: 15px/1.5 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #0b0e12; --panel: #11151a; --text: #e6edf3; --quiet: #9aa4af; --line: #2b323a; --strong: #5d6772;
    --k0: #56b4e9; --k1: #f0803c; --k2: #2fbf95; --k3: #dc8fc0; --k4: #e6c84a; --k5: #9ad2f5; --k6: #9aa4af;
    --warn: #3d2e00; --warn-text: #ffd98a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text); }
.report { max-width: 1080px; margin: 0 auto; padding: 1rem; display: grid; gap: 0.8rem; }
.report > * { min-width: 0; }
.report > header, .report > section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1.1rem; }
.report h1 { font-size: 1.35rem; margin: 0 0 0.4rem; }
.report h2 { font-size: 1.05rem; margin: 0 0 0.3rem; }
.report h3 { font-size: 0.92rem; margin: 0.9rem 0 0.2rem; }
.report p { margin: 0 0 0.5rem; max-width: 76ch; }
.report .quiet, .report .unit { color: var(--quiet); font-weight: normal; }
.report .warning { background: var(--warn); color: var(--warn-text); border-radius: 6px; padding: 0.4rem 0.7rem; max-width: none; }
.report dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 0.3rem 1.2rem; margin: 0.5rem 0 0; }
.report dt { font-size: 0.78rem; color: var(--quiet); }
.report dd { margin: 0; overflow-wrap: anywhere; }
.report svg { display: block; overflow: visible; }
.report svg text { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
.row, .axis, .plot svg:not(.mark) { width: 100%; }
.axis { margin-top: 0.2rem; }
.bars { max-width: 880px; }
.bar { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.8rem; font-size: 0.84rem; padding: 0.1rem 0; }
.bar .name { color: var(--quiet); overflow-wrap: anywhere; }
.bar .value { font-variant-numeric: tabular-nums; text-align: right; }
.bar .row { grid-column: 1 / -1; }
@media (min-width: 760px) {
  .bars { max-width: none; }
  .bar { grid-template-columns: 19rem minmax(0, 1fr) 9rem; align-items: center; padding: 0; }
  .bar .row { grid-column: 2; grid-row: 1; }
  .bar .value { grid-column: 3; }
  .report .axis { margin-left: 19.8rem; width: calc(100% - 29.6rem); }
}
.grid { stroke: var(--line); stroke-width: 1; }
.one { stroke: var(--strong); stroke-width: 1.5; }
.range { stroke: var(--text); stroke-width: 1.5; }
.ideal { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 3 2; }
.curve { stroke-width: 2; fill: none; }
.spread { stroke-width: 1.5; }
${[0, 1, 2, 3, 4, 5, 6].map((k) => `.fill.k${k} { fill: var(--k${k}); } .curve.k${k}, .spread.k${k} { stroke: var(--k${k}); }`).join('\n')}
.d1 { stroke-dasharray: 7 3; } .d2 { stroke-dasharray: 2 3; } .d3 { stroke-dasharray: 9 3 2 3; }
.d4 { stroke-dasharray: 5 5; } .d5 { stroke-dasharray: 1 4; } .d6 { stroke-dasharray: 12 4; }
.fill.s0 { fill: var(--k0); } .fill.s1 { fill: var(--k4); } .fill.s2 { fill: var(--panel); stroke: var(--strong); stroke-width: 1; }
.fill.s3 { fill: var(--k2); } .fill.s4 { fill: var(--k3); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: 1.2rem 1.6rem; }
.plot { margin: 0.4rem 0 0; padding: 0 1rem 0 2.6rem; min-width: 0; max-width: 480px; }
.plot figcaption { margin-left: -2.6rem; font-size: 0.88rem; font-weight: 600; padding-bottom: 0.5rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; padding: 0; margin: 0.6rem 0 0; font-size: 0.84rem; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.scroll { overflow-x: auto; }
.report table { border-collapse: collapse; font-size: 0.84rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.report th { color: var(--quiet); font-weight: normal; vertical-align: bottom; }
.report th, .report td { padding: 0.15rem 0.7rem 0.15rem 0; border-bottom: 1px solid var(--line); text-align: right; }
.report th.word, .report td.word { text-align: left; }
.report ul.plain { margin: 0; padding-left: 1.1rem; }
@media print { :root { --background: #ffffff; } .report > section { break-inside: avoid; } }
`;

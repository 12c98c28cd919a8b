/** What other parts of wetware take from the reports for pictures of their own: safe markup, axes, numbers as texts. */
export { escapeText, html, Markup } from './markup.ts';
export { bytes, counted, grouped, plain, short } from './numbers.ts';
export { linearScale, logScale, type Scale } from './scale.ts';

/** The page around a report: one self-contained file. No script, nothing loaded from anywhere. */
import { html, Markup } from './markup.ts';
import { REPORT_STYLE } from './style.ts';

/** What stands in a report file. */
export interface ReportPage {
  /** Of the window. */
  readonly title: string;
  /** Sections: header and section elements. */
  readonly body: Markup;
  /** Style rules of this kind of report, beside those of all. */
  readonly style?: string;
}

/** A whole HTML document, UTF-8. `style` is trusted text. */
export function reportPage({ title, body, style = '' }: ReportPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(REPORT_STYLE + style)}</style>
</head>
<body>
<main class="report">${body}</main>
</body>
</html>
`.text;
}

/**
 * The equations of a population, projection or field as mathematics, and below how they are integrated and why. Drawn by
 * temml as MathML, which is loaded when it is first shown.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import type { Selection } from '../state/app.ts';
import { callTool } from '../tools/client.ts';
import type { OwnerLatex, OwnerReport } from '../tools/equations.ts';
import './equations.css';

type Line = OwnerLatex['texts'][number]['lines'][number];

/** How long nobody moves a slider before the network is looked at again, ms. */
const PAUSE_MS = 250;

export default function Mathematics({ owner }: { owner: Selection }) {
  const app = useApp();
  const { document } = app.project.value;
  const [latex, setLatex] = useState<OwnerLatex | null>(null);
  const [report, setReport] = useState<OwnerReport | null>(null);
  const isFirst = useRef(true);
  const kind = owner.kind;
  const name = owner.kind === 'network' ? '' : owner.name;
  useEffect(() => {
    if (document === null || name === '') return;
    let isOld = false;
    const asked: Selection = { kind: kind as 'population', name };
    const ask = (): void => {
      isFirst.current = false;
      callTool('latexOf', [document, asked]).then(
        (answer) => !isOld && setLatex(answer),
        () => undefined,
      );
      callTool('checkEquations', [document]).then(
        ({ owners }) =>
          !isOld && setReport(owners.find((one) => one.kind === kind && one.name === name) ?? null),
        () => undefined,
      );
    };
    const timer = setTimeout(ask, isFirst.current ? 0 : PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [document, kind, name]);
  const texts = (latex?.texts ?? []).filter(({ lines }) => lines.some(isFormula));
  return (
    <div class="mathematics">
      {texts.map(({ key, title, lines }) => (
        <section key={key} aria-label={`${title} as mathematics`}>
          {key !== 'eqs' && <h4>{title}</h4>}
          {lines.filter(isFormula).map((line) => (
            <Formula key={`${line.line} ${line.name}`} line={line} />
          ))}
        </section>
      ))}
      {report !== null && <Integrator report={report} />}
    </div>
  );
}

/** Parameters are declared, not computed: they are in the table of the inspector. */
const isFormula = ({ kind }: Line): boolean => kind !== 'parameter';

function Formula({ line }: { line: Line }) {
  const body = useRef<HTMLDivElement>(null);
  const { latex, flags } = line;
  useEffect(() => {
    let isOld = false;
    import('temml').then(
      ({ default: temml }) => {
        if (isOld || body.current === null) return;
        temml.render(latex, body.current, { displayMode: true, throwOnError: false, trust: false });
      },
      () => {
        if (body.current !== null) body.current.textContent = latex;
      },
    );
    return () => {
      isOld = true;
    };
  }, [latex]);
  const note = flags.filter((flag) => flag !== 'constant').join(', ');
  return (
    <div class="formula">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long equation scrolls, so keys must reach it. */}
      <div class="formula-body" ref={body} tabIndex={0} />
      {note !== '' && <span class="formula-note">{note}</span>}
    </div>
  );
}

function Integrator({ report: { method, slowMethod, step, problems } }: { report: OwnerReport }) {
  if (problems.length > 0 || (method === '' && slowMethod === '')) return null;
  return (
    <dl class="integrator">
      {method !== '' && (
        <div>
          <dt>Integrated by</dt>
          <dd>{method}.</dd>
        </div>
      )}
      {slowMethod !== '' && slowMethod !== method && (
        <div>
          <dt>Slow equations by</dt>
          <dd>{slowMethod}.</dd>
        </div>
      )}
      {step !== '' && (
        <div>
          <dt>Time step</dt>
          <dd>{step}</dd>
        </div>
      )}
    </dl>
  );
}

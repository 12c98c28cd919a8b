/**
 * The inspector: every parameter of the selected thing, with unit, range, default, meaning and the way back, none of them
 * hidden. What selects is the outline or the picture.
 */

import type { NetworkDocument } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import { rename, selectionIn } from './actions.ts';
import { findPart, KIND_WORDS, type PartReference } from './edits/parts.ts';
import { nameProblem } from './edits/rename.ts';
import { TextInput } from './fields/inputs.tsx';
import { Icon, type IconName, populationIcon, projectionIcon } from './Icon.tsx';
import { FieldInspector } from './inspect/FieldInspector.tsx';
import { InputInspector } from './inspect/InputInspector.tsx';
import { InterventionInspector } from './inspect/InterventionInspector.tsx';
import { NetworkInspector } from './inspect/NetworkInspector.tsx';
import { PopulationInspector } from './inspect/PopulationInspector.tsx';
import { ProjectionInspector } from './inspect/ProjectionInspector.tsx';
import { RecordingInspector } from './inspect/RecordingInspector.tsx';
import { TimedArrayInspector } from './inspect/TimedArrayInspector.tsx';
import { signOfPopulation, signOfProjection } from './signs.ts';
import './build.css';

export default function Inspector() {
  const app = useApp();
  const { document } = app.project.value;
  if (document === null) return <p class="quiet small">The network is being built…</p>;
  const selection = selectionIn(document, app.selection.value);
  if (selection.kind === 'network') return <NetworkInspector document={document} />;
  return (
    <div class="inspector" key={`${selection.kind} ${selection.name}`}>
      <Head document={document} part={selection} />
      <Contents document={document} part={selection} />
    </div>
  );
}

function Head({ document, part }: { document: NetworkDocument; part: PartReference }) {
  const app = useApp();
  return (
    <>
      <h2 class="inspector-title">
        <Icon name={iconOf(document, part)} />
        <span class="row-name">{part.name}</span>
        <span class="quiet small">{KIND_WORDS[part.kind]}</span>
      </h2>
      <TextInput
        title="Name"
        value={part.name}
        check={(name) => nameProblem(document, part.kind, name, part.name) ?? ''}
        change={(name) => rename(app, part, name)}
      />
    </>
  );
}

function iconOf(document: NetworkDocument, { kind, name }: PartReference): IconName {
  if (kind === 'population') {
    const part = findPart(document, 'population', name);
    return part?.kind === 'spikes' ? 'spikes' : populationIcon(signOfPopulation(document, name));
  }
  if (kind !== 'projection') return kind;
  const part = findPart(document, 'projection', name);
  return projectionIcon(part && signOfProjection(document, part));
}

function Contents({ document, part }: { document: NetworkDocument; part: PartReference }) {
  const { kind, name } = part;
  switch (kind) {
    case 'population': {
      const found = findPart(document, kind, name);
      return found && <PopulationInspector document={document} part={found} />;
    }
    case 'projection': {
      const found = findPart(document, kind, name);
      return found && <ProjectionInspector document={document} part={found} />;
    }
    case 'input': {
      const found = findPart(document, kind, name);
      return found && <InputInspector document={document} part={found} />;
    }
    case 'field': {
      const found = findPart(document, kind, name);
      return found && <FieldInspector document={document} part={found} />;
    }
    case 'recording': {
      const found = findPart(document, kind, name);
      return found && <RecordingInspector document={document} part={found} />;
    }
    case 'intervention': {
      const found = findPart(document, kind, name);
      return found && <InterventionInspector document={document} name={name} part={found} />;
    }
    case 'timedArray': {
      const found = findPart(document, kind, name);
      return found && <TimedArrayInspector name={name} part={found} />;
    }
  }
}

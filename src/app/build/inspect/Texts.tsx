/** The texts of a thing, to be edited, and the same as mathematics with the integrator and why. */
import { useState } from 'preact/hooks';
import EquationEditor from '../../equations/EquationEditor.tsx';
import Mathematics from '../../equations/Mathematics.tsx';
import { Group } from '../fields/Group.tsx';

interface TextsProps {
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
}

export function Texts({ kind, name }: TextsProps) {
  const [isOpen, setOpen] = useState(false);
  const owner = { kind, name };
  return (
    <Group title="Equations" note="builds the network anew">
      <EquationEditor owner={owner} />
      <details
        class="as-mathematics"
        open={isOpen}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <summary>As mathematics, integrator and why</summary>
        {isOpen && <Mathematics owner={owner} />}
      </details>
    </Group>
  );
}

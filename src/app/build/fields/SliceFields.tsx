/** A population, or a part of it. */
import type { NetworkDocument, SliceReference } from '../../../index.ts';
import { namesOf } from '../edits/parts.ts';
import { Select, TextInput } from './inputs.tsx';

interface SliceFieldsProps {
  readonly title: string;
  readonly document: NetworkDocument;
  readonly slice: SliceReference;
  readonly withFields?: boolean;
  readonly check: (slice: SliceReference) => Promise<string>;
  readonly change: (slice: SliceReference) => void;
}

export function SliceFields({
  title,
  document,
  slice,
  withFields,
  check,
  change,
}: SliceFieldsProps) {
  const size = document.populations.find(({ name }) => name === slice.population)?.size;
  const names = [
    ...namesOf(document, 'population'),
    ...(withFields ? namesOf(document, 'field') : []),
  ];
  const written =
    slice.from === undefined && slice.to === undefined
      ? ''
      : `${slice.from ?? 0}–${(slice.to ?? size ?? 0) - 1}`;
  const read = (text: string): SliceReference | null => {
    if (text.trim() === '') return { population: slice.population };
    const match = /^\s*(\d+)\s*[-–…]\s*(\d+)\s*$/.exec(text);
    if (!match) return null;
    return { population: slice.population, from: Number(match[1]), to: Number(match[2]) + 1 };
  };
  return (
    <>
      <Select
        title={title}
        value={slice.population}
        choices={names}
        change={(population) => change({ population })}
      />
      {size !== undefined && (
        <TextInput
          title="its neurons"
          value={written}
          placeholder={`all, 0–${size - 1}`}
          check={(text) => {
            const next = read(text);
            return next
              ? check(next)
              : 'Write the first and the last neuron, as 0–99, or nothing for all.';
          }}
          change={(text) => {
            const next = read(text);
            if (next) change(next);
          }}
        />
      )}
    </>
  );
}

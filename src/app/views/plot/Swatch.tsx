/** A piece of a curve as it looks in the plot, for legends. */
export function Swatch({ colour, dash }: { colour: string; dash: readonly number[] | null }) {
  return (
    <svg class="plot-swatch" width="26" height="10" aria-hidden="true">
      <line
        x1="0"
        y1="5"
        x2="26"
        y2="5"
        stroke={colour}
        stroke-width="2.2"
        {...(dash && { 'stroke-dasharray': dash.join(' ') })}
      />
    </svg>
  );
}

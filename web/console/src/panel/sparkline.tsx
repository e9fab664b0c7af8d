/** The last hour as a line without axes, from its first minute of which something is known; a decoration beside its number. */
export function Sparkline({ values, from }: { values: readonly number[]; from: number }) {
  const width = 76;
  const height = 20;
  // Minutes fluctuate; a mean over five shows the trend.
  const smooth = values
    .map((_, index) => {
      const near = values.slice(Math.max(from, index - 2), index + 3);
      return { index, value: near.reduce((sum, value) => sum + value, 0) / near.length };
    })
    .filter(({ index }) => index >= from && (index % 3 === 0 || index === values.length - 1));
  const low = Math.min(...smooth.map(({ value }) => value));
  const span = Math.max(...smooth.map(({ value }) => value)) - low;
  const points = smooth.map(
    ({ index, value }) =>
      [
        (index / Math.max(1, values.length - 1)) * (width - 4),
        span === 0 ? height - 4 : 17 - ((value - low) / span) * 14,
      ] as const,
  );
  const last = points[points.length - 1];
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
      {last && <circle cx={last[0]} cy={last[1]} r="2" />}
    </svg>
  );
}

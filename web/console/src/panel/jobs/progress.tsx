import { share } from "./model";

interface ProgressProps {
  /** What makes progress. */
  label: string;
  of: { done: number; total: number };
}

/** How far something has come, as a bar and as a number. */
export function Progress({ label, of }: ProgressProps) {
  const percent = share(of);
  return (
    <span className="jobs-progress">
      <progress max={100} value={percent} aria-label={label} />
      <span className="s1 t3 n">{`${percent}%`}</span>
    </span>
  );
}

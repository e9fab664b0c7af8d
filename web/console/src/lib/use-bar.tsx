import "./use-bar.css";

/** From here on, a limit is nearly reached. */
const near = 0.8;

/** How much of what is allowed is used: little, nearly all, or all. Without a limit it is always little. */
export type Tone = "fine" | "near" | "full";
export function toneOf(used: number, limit: number | null): Tone {
  if (limit === null || used < limit * near) return "fine";
  return used < limit ? "near" : "full";
}

interface UseBarProps {
  /** What is used, for those who do not see where the bar stands. */
  label: string;
  used: number;
  /** Null is without a limit: there is no bar then. */
  limit: number | null;
  /** What is used and allowed, in words; nearly all and all are said in them, too. */
  words: string;
}

/** How much of what is allowed is used. */
export function UseBar({ label, used, limit, words }: UseBarProps) {
  return (
    <span className={`use-bar use-bar-${toneOf(used, limit)}`}>
      <span className="use-bar-words num">{words}</span>
      {limit !== null && <progress max={limit} value={Math.min(used, limit)} aria-label={label} />}
    </span>
  );
}

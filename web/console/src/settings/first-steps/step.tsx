import type { ReactNode } from "react";
import { Icon } from "../../lib/icon";

interface StepProps {
  number: number;
  title: string;
  /** What has been reached; null before that. */
  done: ReactNode | null;
  children: ReactNode;
}

/** One of the first steps: what to do, and that it is done as soon as it is. */
export function Step({ number, title, done, children }: StepProps) {
  return (
    <li className="card settings-one first-step" aria-label={title}>
      <h2 className="row">
        <span className={done === null ? "first-step-number" : "first-step-number done"} aria-hidden="true">
          {done === null ? number : <Icon name="check" />}
        </span>
        <span>{title}</span>
      </h2>
      <p role="status">{done !== null && <span className="tag ok">{done}</span>}</p>
      {children}
    </li>
  );
}

import { useId, type InputHTMLAttributes } from "react";

interface PlainFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  /** Shown instead of the hint. */
  error?: string | null;
}

/** A field before signing in, where there is no component library: a label, an input, and what it is for or what is wrong with it. */
export function PlainField({ label, hint, error, id, className = "input", ...rest }: PlainFieldProps) {
  const own = useId();
  const at = id ?? own;
  const words = hint === undefined && !error ? undefined : `${at}-words`;
  return (
    <div className="field">
      <label htmlFor={at}>{label}</label>
      <input
        dir="auto"
        {...rest}
        id={at}
        className={className}
        aria-invalid={error ? true : undefined}
        aria-describedby={words}
      />
      {words !== undefined && (
        <span id={words} className="s1">
          {error ? <span className="field-error">{error}</span> : <span className="t3">{hint}</span>}
        </span>
      )}
    </div>
  );
}

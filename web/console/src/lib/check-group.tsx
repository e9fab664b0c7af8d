import { useId, type ReactNode } from "react";
import "./form.css";

interface CheckOption<T extends string> {
  id: T;
  label: ReactNode;
  /** It is always checked, and cannot be changed here. */
  fixed?: boolean;
}

interface CheckGroupProps<T extends string> {
  legend: string;
  options: readonly CheckOption<T>[];
  chosen: readonly T[];
  error?: string | undefined;
  /** Side by side, as many as fit. */
  wide?: boolean;
  /** Stands above the checkboxes, such as a search. */
  above?: ReactNode;
  /** Stands below the checkboxes. */
  below?: ReactNode;
  onChange(chosen: T[]): void;
}

/** Any number of several, with one error for all: after a refusal, the focus can be on the group. */
export function CheckGroup<T extends string>({
  legend,
  options,
  chosen,
  error,
  wide = false,
  above,
  below,
  onChange,
}: CheckGroupProps<T>) {
  const words = useId();
  return (
    <fieldset
      className={wide ? "check-group check-group-wide" : "check-group"}
      tabIndex={-1}
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? words : undefined}
    >
      <legend>{legend}</legend>
      {above}
      {options.map(({ id, label, fixed = false }) => (
        <label key={id} className="check">
          <input
            type="checkbox"
            disabled={fixed}
            checked={fixed || chosen.includes(id)}
            onChange={(event) => onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
          <span dir="auto">{label}</span>
        </label>
      ))}
      {below}
      {error && (
        <span id={words} className="field-error check-group-whole" role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}

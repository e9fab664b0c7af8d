import { useId, type ReactNode } from "react";

/** Errors by the field they are about, named as the server names it; `form` is for errors about no field. */
export type Faults = Readonly<Record<string, string>>;

/** What ties a control to its label and to the text below it. `status` is for the component library's inputs; leave it out for others. */
export interface FieldIds {
  id: string;
  "aria-describedby": string;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
  status: "" | "error";
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** The form is refused while it is empty. */
  required?: boolean;
  children(ids: FieldIds): ReactNode;
}

/** A label, a control, and a hint or an error. */
export function Field({ label, hint, error, required = false, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": `${id}-words`,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
        status: error ? "error" : "",
      })}
      <span id={`${id}-words`} className={error ? "field-words field-error" : "field-words s1 t3"}>
        {error ?? hint}
      </span>
    </div>
  );
}

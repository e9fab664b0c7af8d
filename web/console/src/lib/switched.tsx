import { Switch } from "@yingda/antd";
import { useId } from "react";
import "./form.css";

interface SwitchedProps {
  label: string;
  hint: string;
  value: boolean;
  onChange(value: boolean): void;
}

/** Something that is on or off, and what that means. */
export function Switched({ label, hint, value, onChange }: SwitchedProps) {
  const id = useId();
  return (
    <div className="row switched">
      <Switch id={id} checked={value} aria-describedby={`${id}-words`} onChange={onChange} />
      <span>
        <label htmlFor={id}>{label}</label>
        <span id={`${id}-words`} className="s1 t3">
          {hint}
        </span>
      </span>
    </div>
  );
}

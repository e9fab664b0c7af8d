import { Input } from "@yingda/antd";
import { Icon } from "./icon";

interface SearchFieldProps {
  /** What is searched; also shown in the empty field, unless `placeholder` is. */
  label: string;
  placeholder?: string;
  value: string;
  onChange(words: string): void;
  className: string;
}

/** Searches a list by words; `useTyped` keeps them in the address. */
export function SearchField({ label, placeholder = label, value, onChange, className }: SearchFieldProps) {
  return (
    <Input
      className={className}
      type="search"
      value={value}
      allowClear
      prefix={<Icon name="search" />}
      placeholder={placeholder}
      aria-label={label}
      maxLength={200}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

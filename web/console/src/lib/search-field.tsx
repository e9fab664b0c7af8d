import { Input } from "@yingda/antd";
import type { RefObject } from "react";
import { Icon } from "./icon";
import { Kbd } from "./kbd";

interface SearchFieldProps {
  /** What is searched; also shown in the empty field, unless `placeholder` is. */
  label: string;
  placeholder?: string;
  /** The key that leads into the field, and a reference to the field for the code that handles the key. */
  shortcut?: string;
  box?: RefObject<HTMLInputElement | null>;
  value: string;
  onChange(words: string): void;
  className?: string;
}

/** Searches a list by words; `useTyped` keeps them in the address. */
export function SearchField({
  label,
  placeholder = label,
  shortcut,
  box,
  value,
  onChange,
  className = "",
}: SearchFieldProps) {
  return (
    <Input
      ref={(own) => {
        if (box) box.current = own?.input ?? null;
      }}
      className={className}
      type="search"
      value={value}
      allowClear
      prefix={<Icon name="search" />}
      suffix={shortcut && <Kbd keys={shortcut} />}
      placeholder={placeholder}
      aria-label={label}
      maxLength={200}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

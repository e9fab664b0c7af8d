interface FilterProps<T extends string> {
  /** What is chosen. */
  label: string;
  /** The word for the first option, which is chosen without a value. */
  all: string;
  options: readonly { value: T; word: string }[];
  value: T | undefined;
  onChange(value: T | undefined): void;
}

/** Narrows or orders a list by one of a few values. */
export function Filter<T extends string>({ label, all, options, value, onChange }: FilterProps<T>) {
  return (
    <select
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(options.find((one) => one.value === event.target.value)?.value)}
    >
      <option value="">{all}</option>
      {options.map((one) => (
        <option key={one.value} value={one.value}>
          {one.word}
        </option>
      ))}
    </select>
  );
}

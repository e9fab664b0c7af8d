import type { JSX } from "preact";

interface Option {
  value: string;
  label: string;
}

/** A choice of one among several, as a row of chips that are links: the choice has an address, and Back undoes it. */
export function ChoiceChips({
  label,
  options,
  chosen,
  href,
}: {
  label: string;
  options: readonly Option[];
  chosen: string;
  href(value: string): string;
}): JSX.Element {
  return (
    <nav class="chip-row" aria-label={label}>
      {options.map(({ value, label: name }) => (
        <a key={value} class="chip" href={href(value)} aria-current={value === chosen ? "true" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}

import { useId, type ReactNode } from "react";

export interface ChoiceOption<T extends string | number> {
  value: T;
  word: ReactNode;
  lang?: string;
  label?: string;
  /** Why it cannot be chosen now, if it cannot. */
  cannot?: string;
}

/** One of a few, side by side: a group of toggle buttons. */
export function Choice<T extends string | number>({
  label,
  hint,
  value,
  options,
  onChange,
  className,
}: {
  label: string;
  /** What else there is to know about the choice. */
  hint?: string;
  value: T;
  options: readonly ChoiceOption<T>[];
  onChange(value: T): void;
  className?: string;
}) {
  const id = useId();
  return (
    <div
      className={className ? `seg ${className}` : "seg"}
      role="group"
      aria-label={label}
      aria-describedby={hint ? `${id}-hint` : undefined}
      title={hint}
    >
      {hint && (
        <span id={`${id}-hint`} hidden>
          {hint}
        </span>
      )}
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          lang={option.lang}
          dir="auto"
          aria-label={option.label}
          title={option.cannot ?? option.label}
          aria-disabled={option.cannot ? true : undefined}
          aria-describedby={option.cannot ? `${id}-${option.value}` : undefined}
          onClick={() => {
            if (!option.cannot) onChange(option.value);
          }}
        >
          {option.word}
          {option.cannot && (
            <span id={`${id}-${option.value}`} hidden>
              {option.cannot}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

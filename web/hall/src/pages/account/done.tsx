import type { JSX } from "preact";

/** Something succeeded: said once, where it happened. */
export function Done({ text }: { text: string | null }): JSX.Element {
  return (
    <p class="done" role="status">
      {text}
    </p>
  );
}

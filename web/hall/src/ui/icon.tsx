import type { JSX } from "preact";

/** An outlined icon of the shared set. It never stands alone: there is text beside it, or the button has a name. */
export function Icon({ d, class: extra }: { d: string; class?: string }): JSX.Element {
  return (
    <svg class={extra ? `icon ${extra}` : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** The operator's logo: a sun over two waves. */
export function OperatorSign(): JSX.Element {
  return (
    <svg class="sign" viewBox="0 0 40 40" aria-hidden="true">
      <rect class="sign-ground" width="40" height="40" rx="11" />
      <circle class="sign-sun" cx="20" cy="17.5" r="5.5" />
      <path class="sign-wave" d="M6.5 27.500c8.500-5.500 18.500-5.500 27 0M9.500 33c6.500-4 14.500-4 21 0" />
    </svg>
  );
}

import { graphemes } from "@yingda/api/graphemes";
import { bot as botIcon, headset } from "@yingda/tokens/icons.ts";
import { h } from "../dom";

export function Icon({ d }: { d: string }) {
  return (
    <svg class="u" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** A small drawn dot between words; in Chinese fonts the middle dot is as wide as a character. */
export const Sep = () => <i class="sep" />;

export function Tool(p: { d: string; label: string; class?: string; on?: boolean; disabled?: boolean; press(): void }) {
  return (
    <button
      class={`tool ${p.class ?? ""}`}
      aria-label={p.label}
      title={p.label}
      aria-expanded={p.on}
      disabled={p.disabled}
      onClick={p.press}
    >
      <Icon d={p.d} />
    </button>
  );
}

export const Face = ({ who, name = "" }: { who: string; name?: string }) => (
  <span class={`av ${who}`} aria-hidden="true">
    {who === "agent" ? graphemes(name)[0] : <Icon d={who === "queue" ? headset : botIcon} />}
  </span>
);

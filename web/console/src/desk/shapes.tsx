import type { AgentState, Conversation } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { urgency, waitsSince } from "../live/lists";

export type ShownState = AgentState | "full" | "unreachable";

/** Where the agent at this console stands, who is connected, as `Standing` on the server: "full" cannot be chosen, it follows from the slots. */
export const shownState = (state: AgentState, open: number, capacity: number): ShownState =>
  state === "available" && open >= capacity ? "full" : state;

/** An agent's state as shape and colour; its name is shown beside it. */
export function StateShape({ state }: { state: ShownState }) {
  return (
    <svg className={`shape shape-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {state === "available" && <circle cx="8" cy="8" r="7" fill="currentColor" />}
      {state === "full" && <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" />}
      {state === "busy" && <path d="M8 1L15 8 8 15 1 8z" fill="currentColor" />}
      {state === "break" && <path d="M3 2h3.5v12H3zM9.500 2H13v12H9.500z" fill="currentColor" />}
      {state === "unreachable" && (
        <path d="M2.500 2.500l11 11M13.500 2.500l-11 11" fill="none" stroke="currentColor" strokeWidth="2.4" />
      )}
      {state === "offline" && <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="2.4" />}
    </svg>
  );
}

type Tone = "late" | "for_me" | "for_customer";

/** Above this number of slots, glyphs say less than a length does. */
const glyphsAtMost = 8;

function toneOf(one: Conversation, now: number): Tone {
  const since = waitsSince(one);
  return since === null ? "for_customer" : urgency(now - since) === "late" ? "late" : "for_me";
}

/** One glyph per slot: full height waits for the agent (with a notch when late), half height waits for the customer, an outline is free. */
function Glyphs({ tones, free }: { tones: readonly Tone[]; free: number }) {
  const shapes: Record<Tone, string> = { late: "slot slot-late", for_me: "slot", for_customer: "slot slot-half" };
  return (
    <span className="slots" aria-hidden="true">
      {tones.map((tone, index) => (
        <i key={index} className={shapes[tone]} />
      ))}
      {Array.from({ length: free }, (_, index) => (
        <i key={tones.length + index} className="slot slot-free" />
      ))}
    </span>
  );
}

/** The slots in use out of all: a glyph each or, if there are many, a meter in three tones; and the numbers. */
export function Slots({ open, capacity, now }: { open: readonly Conversation[]; capacity: number; now: number }) {
  const { t } = useTranslation("desk");
  const tones = open.map((one) => toneOf(one, now));
  const all = Math.max(capacity, open.length);
  const counted = (["late", "for_me", "for_customer"] as const)
    .map((tone) => ({ tone, count: tones.filter((one) => one === tone).length }))
    .filter(({ count }) => count > 0);
  return (
    <>
      {all <= glyphsAtMost ? (
        <Glyphs tones={tones} free={all - open.length} />
      ) : (
        <span className="slot-meter" aria-hidden="true">
          {counted.map(({ tone, count }) => (
            <i key={tone} className={`slot-${tone}`} style={{ inlineSize: `${(count / all) * 100}%` }} />
          ))}
        </span>
      )}
      <bdi dir="ltr" className="n s2 t2">
        {open.length}/{capacity}
      </bdi>
      <span className="sr">
        {" "}
        {t("state.slots")} {counted.map(({ tone, count }) => t(`state.${tone}`, { count })).join(" ")}
      </span>
    </>
  );
}

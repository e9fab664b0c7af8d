import type { tickOf } from "@yingda/api/conversation";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../lib/icon";

export type Tick = ReturnType<typeof tickOf> | "sending" | "waiting" | "failed";

const pictures: Record<Tick, IconName> = {
  sending: "clock",
  waiting: "clock",
  accepted: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
};

/** How far a message has come, as a symbol; in words where it is the last of its run. */
export function TickMark({ tick, words }: { tick: Tick; words: boolean }) {
  const { t } = useTranslation("desk");
  return (
    <span className={`tick tick-${tick}`}>
      <Icon name={pictures[tick]} />
      <span className={words ? undefined : "sr"}>{t(`tick.${tick}`)}</span>
    </span>
  );
}

import { Button, Popup } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import type { Conversation } from "@yingda/api/types";
import { Suspense, useState } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock } from "../lib/format";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import { useLive } from "../live/context";
import { whenOf } from "./when";

const SnoozeMenu = partOf(async () => (await import("./snooze-menu")).SnoozeMenu);

/** Postpones the open conversation: to one of the usual times, or to one's own. */
export function SnoozeButton({ onSnooze }: { onSnooze(until: number): void }) {
  const { t } = useTranslation("desk");
  const [open, setOpen] = useState(false);
  useKeys({ "Alt+KeyZ": () => setOpen(true) });
  return (
    <Popup
      label={t("snooze.until")}
      className="snooze-menu"
      open={open}
      onOpenChange={setOpen}
      trigger={(props) => (
        <Tip name={t("snooze")} keys="Alt Z">
          <button {...props} className="ib" aria-label={t("snooze")}>
            <Icon name="clock" />
          </button>
        </Tip>
      )}
    >
      {(close) => (
        <Suspense fallback={null}>
          <SnoozeMenu
            onChoose={(until) => {
              close();
              onSnooze(until);
            }}
          />
        </Suspense>
      )}
    </Popup>
  );
}

function Lasted({ since }: { since: number }) {
  return <span className="n">{clock(Math.max(0, useNow() - since))}</span>;
}

interface StripProps {
  id: string;
  view: ConversationView;
  listed: Conversation | undefined;
}

/** Above a conversation that its agent has set aside: for how long, or until when, and the button that goes on with it. */
export function PauseStrip({ id, view, listed }: StripProps) {
  const { t } = useTranslation("desk");
  const live = useLive();
  const zone = useMe().time_zone;
  const { state } = view;
  if (state !== "on_hold" && state !== "snoozed") return null;
  const since = listed?.state === state ? listed.paused_at : null;
  return (
    <div className="notice pause-strip" role="status">
      <Icon name={state === "on_hold" ? "pause" : "clock"} />
      <span className="grow">
        {state === "on_hold"
          ? t("hold.here")
          : listed?.due_at != null && listed.state === state
            ? t("snooze.here", { time: whenOf(listed.due_at, zone) })
            : t("standing.snoozed")}
        {state === "on_hold" && since !== null && (
          <>
            <i className="dot" />
            <Lasted since={since} />
          </>
        )}
      </span>
      <Button size="small" onClick={() => live.send(id, { type: "wake" })}>
        {t("wake")}
      </Button>
    </div>
  );
}

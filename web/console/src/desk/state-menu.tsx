import { Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useState } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { floorSettings } from "../lib/directory";
import { useKeys } from "../lib/keys";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useLists } from "../live/context";
import { states, useChangeState } from "../live/change-state";
import { shownState, Slots, StateShape } from "./shapes";
import { useStateReason } from "./state-reason";

const OwnSettings = partOf(async () => (await import("./own-settings")).OwnSettings);

/** The company's reasons for a break: one press goes on a break for it. None has to be given. */
function BreakReasons({ onChoose }: { onChoose(reason: string): void }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const reasons = useQuery(floorSettings).data?.break_reasons ?? [];
  if (reasons.length === 0 || me.state === "break") return null;
  return (
    <div className="row wrap state-reasons" role="group" aria-label={t("state.reasons")}>
      <StateShape state="break" />
      {reasons.map((one) => (
        <button key={one.zh} type="button" className="y-text-button" onClick={() => onChoose(say(one, language))}>
          <bdi>{say(one, language)}</bdi>
        </button>
      ))}
    </div>
  );
}

/** The agent's state as shape and text, its duration, and the slots in use; opens the choice of states and how one wants to work. */
export function StateMenu() {
  const { t } = useTranslation("desk");
  const me = useMe();
  const lists = useLists();
  const now = useNow();
  const change = useChangeState();
  const reasonOf = useStateReason();
  const [open, setOpen] = useState(false);
  const mine = useMemo(() => [...(lists?.mine.values() ?? [])], [lists]);
  const shown = shownState(me.state, mine.length, me.capacity);
  useKeys({ "Alt+KeyS": () => setOpen((before) => !before) });

  return (
    <Popup
      label={t("state.menu")}
      className="state-menu"
      open={open}
      onOpenChange={setOpen}
      trigger={(props) => (
        <button {...props} className="state-button">
          <span className="sr">{t("state.mine")} </span>
          <StateShape state={shown} />
          <b>{t(`state.${shown}`)}</b>
          <span className="t3 n s2 state-since">{clock(now - me.state_since)}</span>
          {me.state_reason && (
            <span className="t3 s2 el" dir="auto">
              {reasonOf(me.state_reason, me.state_by)}
            </span>
          )}
          <span className="grow" />
          <Slots open={mine} capacity={me.capacity} now={now} />
          <Icon name="down" />
        </button>
      )}
    >
      {(close) => (
        <>
          <div role="radiogroup" aria-label={t("state.menu")}>
            {states.map((state) => (
              <button
                key={state}
                type="button"
                role="radio"
                aria-checked={me.state === state}
                className="y-menu-item"
                disabled={change.isPending}
                onClick={() => {
                  if (state !== me.state) change.mutate({ state });
                  close();
                }}
              >
                <StateShape state={state} />
                <span className="grow">{t(`state.${state}`)}</span>
                <span className="s1 t3">{t(`state.${state}.means`)}</span>
              </button>
            ))}
          </div>
          <BreakReasons
            onChoose={(reason) => {
              change.mutate({ state: "break", reason });
              close();
            }}
          />
          <Suspense fallback={null}>
            <OwnSettings />
          </Suspense>
        </>
      )}
    </Popup>
  );
}

import { Popup, Slider, Switch } from "@yingda/antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { AgentState } from "@yingda/api/types";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock } from "../lib/format";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { choose, usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { meQuery, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { askForNotifications, play } from "../live/attention";
import { useLists } from "../live/context";
import { shownState, Slots, StateShape } from "./shapes";

const states: readonly AgentState[] = ["available", "break", "offline"];

function Attention() {
  const { t } = useTranslation("desk");
  const prefs = usePrefs();
  const ids = { sound: useId(), volume: useId(), notify: useId() };
  const wantNotifications = async (notify: boolean) => {
    if (notify && !(await askForNotifications())) {
      toast(t("attention.refused"), "hot");
      return;
    }
    choose({ notify });
  };
  return (
    <div className="attention">
      <div className="row">
        <Icon name={prefs.sound ? "sound" : "mute"} />
        <label htmlFor={ids.sound} className="grow">
          {t("attention.sound")}
        </label>
        <Switch
          id={ids.sound}
          size="small"
          checked={prefs.sound}
          onChange={(sound) => {
            choose({ sound });
            if (sound) play("message", true);
          }}
        />
      </div>
      <div className="row">
        <span id={ids.volume} className="grow t2 s2">
          {t("attention.volume")}
        </span>
        <Slider
          className="attention-volume"
          min={0}
          max={100}
          step={10}
          disabled={!prefs.sound}
          value={Math.round(prefs.volume * 100)}
          ariaLabelledByForHandle={ids.volume}
          tooltip={{ open: false }}
          onChange={(volume) => choose({ volume: volume / 100 })}
          onChangeComplete={() => play("message")}
        />
      </div>
      <div className="row">
        <Icon name="bell" />
        <label htmlFor={ids.notify} className="grow">
          {t("attention.notify")}
        </label>
        <Switch
          id={ids.notify}
          size="small"
          checked={prefs.notify}
          onChange={(notify) => void wantNotifications(notify)}
        />
      </div>
    </div>
  );
}

export function useChangeState() {
  const text = useProblemText();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (state: AgentState) => call("PUT", "/me/state", { body: { state } }),
    onSuccess: (next) => queryClient.setQueryData(meQuery.queryKey, next),
    onError: (error) => toast(text(error), "hot"),
  });
}

/** The agent's state as shape and text, its duration, and the slots in use; opens the choice of states and the settings for sounds and notifications. */
export function StateMenu() {
  const { t } = useTranslation("desk");
  const me = useMe();
  const lists = useLists();
  const now = useNow();
  const change = useChangeState();
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
                  if (state !== me.state) change.mutate(state);
                  close();
                }}
              >
                <StateShape state={state} />
                <span className="grow">{t(`state.${state}`)}</span>
                <span className="s1 t3">{t(`state.${state}.means`)}</span>
              </button>
            ))}
          </div>
          <hr className="y-menu-rule" />
          <Attention />
        </>
      )}
    </Popup>
  );
}

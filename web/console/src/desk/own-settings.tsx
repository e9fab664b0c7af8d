import { Slider, Switch } from "@yingda/antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { choose, usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { askForNotifications, play } from "../live/attention";
import { keepOwn, stretches, useOwn } from "../live/own";

/** What is heard and shown of what happens. */
function Attention() {
  const { t } = useTranslation("desk");
  const prefs = usePrefs();
  const ids = { sound: useId(), volume: useId(), notify: useId() };
  const wantNotifications = async (notify: boolean) => {
    const asked = notify ? await askForNotifications(t("attention.first")) : "shown";
    if (asked !== "shown") {
      toast(t(`attention.${asked}`), "hot");
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
            if (sound) play("message", null, true);
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
          onChangeComplete={() => play("message", null)}
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

/** When to be reminded of a break, and whether to do without what moves, shines and sounds. */
function Pace() {
  const { t } = useTranslation("desk");
  const { breakAfter, calm } = useOwn();
  const ids = { after: useId(), calm: useId(), means: useId() };
  return (
    <div className="attention">
      <div className="row">
        <Icon name="clock" />
        <label htmlFor={ids.after} className="grow">
          {t("break.after")}
        </label>
        <select
          id={ids.after}
          value={breakAfter ?? ""}
          onChange={({ target }) => keepOwn({ breakAfter: target.value === "" ? null : Number(target.value) })}
        >
          <option value="">{t("break.never")}</option>
          {stretches.map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("break.minutes", { count: minutes })}
            </option>
          ))}
        </select>
      </div>
      <div className="row">
        <Icon name="moon" />
        <label htmlFor={ids.calm} className="grow">
          {t("calm")}
        </label>
        <Switch
          id={ids.calm}
          size="small"
          checked={calm}
          aria-describedby={ids.means}
          onChange={(next) => keepOwn({ calm: next })}
        />
      </div>
      <p id={ids.means} className="s1 t3">
        {t("calm.means")}
      </p>
    </div>
  );
}

/** How somebody wants to work on this device. */
export function OwnSettings() {
  return (
    <>
      <hr className="y-menu-rule" />
      <Attention />
      <hr className="y-menu-rule" />
      <Pace />
    </>
  );
}

import { Button, Input } from "@yingda/antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../lib/clock";
import { useMe } from "../lib/session";
import { localOf, momentOf } from "../lib/zone";
import { presets } from "./snooze";
import { whenOf } from "./when";

/** Until when a conversation is postponed: one of the usual times, or one's own. */
export function SnoozeMenu({ onChoose }: { onChoose(until: number): void }) {
  const { t } = useTranslation("desk");
  const zone = useMe().time_zone;
  const [own, setOwn] = useState("");
  const field = useId();
  return (
    <>
      <ul>
        {presets(serverNow(), zone).map(([name, at]) => (
          <li key={name}>
            <button type="button" className="y-menu-item" onClick={() => onChoose(at)}>
              <span className="grow">{t(`snooze.${name}`)}</span>
              <span className="s1 t3 n">{whenOf(at, zone)}</span>
            </button>
          </li>
        ))}
      </ul>
      <hr className="y-menu-rule" />
      <form
        className="snooze-own"
        onSubmit={(event) => {
          event.preventDefault();
          if (own !== "") onChoose(momentOf(own, zone));
        }}
      >
        <label htmlFor={field}>{t("snooze.own")}</label>
        <Input
          id={field}
          type="datetime-local"
          value={own}
          min={localOf(serverNow(), zone)}
          onChange={(event) => setOwn(event.target.value)}
        />
        <Button htmlType="submit" disabled={own === ""}>
          {t("snooze")}
        </Button>
      </form>
    </>
  );
}

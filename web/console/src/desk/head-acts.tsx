import { Button, Popup } from "@yingda/antd";
import { useId, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../lib/icon";
import { Tip } from "../lib/tip";
import type { Blocking } from "./block-act";
import { SnoozeButton } from "./pause-acts";

interface Act {
  id: "transfer" | "label" | "hold" | "hand_back" | "resolve";
  icon: IconName;
  keys: string;
  run(): void;
}

interface Props {
  name: string;
  /** Why the conversation can be neither handed back nor resolved now; empty if it can. */
  held: string;
  /** Null if the agent may not block the visitor. */
  blocking: Blocking | null;
  onTransfer(): void;
  onLabel(): void;
  onHold(): void;
  onSnooze(until: number): void;
  onHandBack(): void;
  onResolve(): void;
  onCustomer(): void;
}

/** What an agent may do with the open conversation. Where there is little room, resolving keeps its word, and the rest is behind one button. */
export function HeadActs({
  name,
  held,
  blocking,
  onTransfer,
  onLabel,
  onHold,
  onSnooze,
  onHandBack,
  onResolve,
  onCustomer,
}: Props): ReactElement {
  const { t } = useTranslation("desk");
  const { t: shell } = useTranslation("shell");
  const why = useId();
  const transfer: Act = { id: "transfer", icon: "transfer", keys: "Alt T", run: onTransfer };
  const label: Act = { id: "label", icon: "tag", keys: "Alt L", run: onLabel };
  const hold: Act = { id: "hold", icon: "pause", keys: "Alt H", run: onHold };
  const handBack: Act = { id: "hand_back", icon: "bot", keys: "Alt B", run: onHandBack };
  const resolve: Act = { id: "resolve", icon: "check", keys: "Alt R", run: onResolve };
  /** It can still be focused and pressed, to learn why it does nothing. */
  const heldBack = (act: Act) =>
    held !== "" && act !== transfer && act !== label ? { "aria-disabled": true, "aria-describedby": why } : {};
  const button = (act: Act, wide: boolean) => (
    <Tip key={act.id} {...(heldBack(act)["aria-disabled"] ? { name: held } : { name: t(act.id), keys: act.keys })}>
      <Button className={wide ? "head-button head-wide" : "head-button"} onClick={act.run} {...heldBack(act)}>
        <Icon name={act.icon} />
        <span className="head-word">{t(act.id)}</span>
      </Button>
    </Tip>
  );
  /** Where there is room for more acts, but not for their words. */
  const sign = (act: Act) => (
    <Tip key={act.id} {...(heldBack(act)["aria-disabled"] ? { name: held } : { name: t(act.id), keys: act.keys })}>
      <button type="button" className="ib head-roomy" aria-label={t(act.id)} onClick={act.run} {...heldBack(act)}>
        <Icon name={act.icon} />
      </button>
    </Tip>
  );
  return (
    <>
      {held !== "" && (
        <span id={why} hidden>
          {held}
        </span>
      )}
      {button(transfer, true)}
      {button(handBack, true)}
      {sign(label)}
      {sign(hold)}
      {held === "" && <SnoozeButton onSnooze={onSnooze} />}
      {button(resolve, false)}
      <Popup
        label={shell("acts.of", { name })}
        trigger={(props) => (
          <button {...props} className="ib head-more" aria-label={shell("acts.of", { name })} title={shell("acts")}>
            <Icon name="more" />
          </button>
        )}
      >
        {(close) => {
          const item = (icon: IconName, word: string, run: () => void, more = {}) => (
            <li key={word}>
              <button
                type="button"
                className="y-menu-item"
                onClick={() => {
                  close();
                  run();
                }}
                {...more}
              >
                <Icon name={icon} />
                {word}
              </button>
            </li>
          );
          return (
            <ul>
              {[transfer, label, hold, handBack].map((act) => item(act.icon, t(act.id), act.run, heldBack(act)))}
              {item("user", t("pane.customer"), onCustomer)}
              {blocking && item("mute", blocking.word, blocking.run, { disabled: blocking.isBusy })}
            </ul>
          );
        }}
      </Popup>
    </>
  );
}

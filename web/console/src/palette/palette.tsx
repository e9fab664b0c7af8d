import { Button, Dialog } from "@yingda/antd";
import { pressed } from "@yingda/api/keys";
import { useEffect, useId, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { useFailureText } from "../lib/problem";
import { useMe } from "../lib/session";
import type { Item } from "./item";
import { keepPicked } from "./recent";
import { optionId, Results } from "./results";
import { useFound } from "./use-found";
import "./palette.css";

interface BoxProps {
  onClose(): void;
  onDialog(name: "settings" | "keys"): void;
}

function Box({ onClose, onDialog }: BoxProps) {
  const { t } = useTranslation("palette");
  const { t: shell } = useTranslation("shell");
  const me = useMe();
  const { language } = usePrefs();
  const text = useFailureText();
  const boxId = useId();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  /** Enter was pressed before the searches had answered. */
  const [entered, setEntered] = useState(false);
  const wanted = words.trim();
  const { groups, open, failed, failure, again, searching } = useFound(wanted, onDialog);
  const items = groups.flatMap((group) => group.items);
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === chosen),
  );
  const active = items[at];
  // A search that answers later may put its results above: what Enter picks is known once all have answered, unless it was chosen or is one's own.
  const known = active && (!searching || chosen !== null || !active.picked.search) ? active : undefined;
  const activeId = active && optionId(boxId, active);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest" });
  }, [activeId]);

  const pick = (item: Item) => {
    keepPicked(me, item.picked);
    onClose();
    item.run();
  };
  const use = (item: Item) => {
    if (!item.use) return;
    onClose();
    item.use.run();
  };
  useEffect(() => {
    if (!entered || searching) return;
    setEntered(false);
    if (active) pick(active);
  });
  const go = (to: number) => setChosen(items[(to + items.length) % items.length]?.id ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const key = pressed(event);
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
      event.preventDefault();
      onClose();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.shiftKey) {
      if (key !== "Enter" || !known?.use) return;
      event.preventDefault();
      use(known);
      return;
    }
    const act = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      // Until something was chosen, these two move within the words.
      ...(chosen !== null && { Home: () => go(0), End: () => go(items.length - 1) }),
      Enter: () => (known ? pick(known) : setEntered(searching)),
    }[key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const groupName = (id: string) => t(`group.${id}`);
  const list = new Intl.ListFormat(language, { type: "conjunction", style: "short" });
  const searched = list.format([groupName("pages"), groupName("acts"), ...open.map(({ id }) => groupName(id))]);

  return (
    <div className="palette">
      <div className="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls={items.length > 0 ? `${boxId}-list` : undefined}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          aria-label={t("title")}
          aria-describedby={`${boxId}-what`}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          dir="auto"
          maxLength={200}
          value={words}
          placeholder={t("placeholder")}
          onChange={(event) => {
            setWords(event.target.value);
            setChosen(null);
            setEntered(false);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p id={`${boxId}-what`} className="palette-what s1 t3">
        {t("what", { list: searched })}
        {items.some((item) => item.use) && ` ${t("use.how")}`}
      </p>
      <div className="palette-results">
        <Results
          boxId={boxId}
          groups={groups}
          active={active}
          onChoose={(item) => setChosen(item.id)}
          onPick={pick}
          onUse={use}
        />
        <p role="status" className="palette-status">
          {searching
            ? t("searching")
            : items.length === 0 && failed.length === 0
              ? t("none", { words: wanted })
              : wanted !== "" && <span className="sr">{t("found", { count: items.length })}</span>}
        </p>
        {failure && failed.length > 0 && (
          <div className="notice hot palette-failed">
            <p role="alert" className="grow">
              {t("failed", { list: list.format(failed.map(({ id }) => groupName(id))), why: text(failure.error) })}
            </p>
            <Button size="small" onClick={again}>
              {shell("failure.again")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

export interface PaletteProps extends BoxProps {
  open: boolean;
}

/** One field for all that one can open, do and find. */
export function Palette({ open, onClose, onDialog }: PaletteProps) {
  const { t } = useTranslation("palette");
  const { t: shell } = useTranslation("shell");
  return (
    <Dialog open={open} onClose={onClose} title={t("title")} closeLabel={shell("close")} width="40rem">
      <Box onClose={onClose} onDialog={onDialog} />
    </Dialog>
  );
}

import { Dialog, Input, Switch } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "../lib/kbd";
import { useFolded } from "../lib/normal";
import { choose, usePrefs } from "../lib/prefs";

const groups = [
  {
    name: "everywhere",
    keys: [
      ["Ctrl K", "palette"],
      ["Alt 1–9", "places"],
      ["?", "help"],
      ["F6", "panes"],
      ["Alt S", "state"],
      ["Esc", "close"],
    ],
  },
  {
    name: "desk",
    keys: [
      ["Alt ↑ ↓", "previous_next"],
      ["Alt N", "next_waiting"],
      ["Alt R", "resolve"],
      ["Ctrl Z", "undo"],
      ["Alt T", "transfer"],
      ["Alt B", "hand_back"],
      ["Alt M", "note"],
      ["Alt I", "customer"],
      ["↑ ↓", "list"],
      ["J K", "messages"],
    ],
  },
  {
    name: "composer",
    keys: [
      ["Enter", "send"],
      ["Shift Enter", "line"],
      ["/", "canned"],
    ],
  },
  {
    name: "queues",
    keys: [
      ["J K", "queue_walk"],
      ["T", "queue_take"],
      ["M", "queue_move"],
    ],
  },
  {
    name: "goods",
    keys: [
      ["N", "goods_new"],
      ["E", "goods_edit"],
      ["Space", "goods_select"],
      ["↑ ↓ ← →", "goods_move"],
      ["/", "goods_search"],
    ],
  },
  {
    name: "answers",
    keys: [
      ["Ctrl S", "save_draft"],
      ["Ctrl E", "check"],
      ["Ctrl Enter", "publish"],
      ["/", "find"],
      ["Alt Q", "phrasing"],
    ],
  },
  {
    name: "panel",
    keys: [
      ["T", "window"],
      ["V", "table"],
      ["C", "csv"],
      ["W", "wall"],
      ["[ ]", "range"],
    ],
  },
] as const;

export function KeysDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("shell");
  const prefs = usePrefs();
  const [wanted, setWanted] = useState("");
  const fold = useFolded();
  const matches = (key: string, word: string) => wanted === "" || fold(`${key} ${word}`).includes(fold(wanted));
  const shown = groups
    .map((group) => ({
      name: group.name,
      keys: group.keys
        .map(([key, act]) => ({ key, word: t(`keys.${act}`) }))
        .filter(({ key, word }) => matches(key, word)),
    }))
    .filter((group) => group.keys.length > 0);

  return (
    <Dialog open={open} onClose={onClose} title={t("keys.title")} closeLabel={t("close")}>
      <Input
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        placeholder={t("keys.search")}
        aria-label={t("keys.search")}
        allowClear
      />
      {shown.map((group) => (
        <section key={group.name} className="keys-group">
          <h3>{t(`keys.group.${group.name}`)}</h3>
          <dl>
            {group.keys.map(({ key, word }) => (
              <div key={key}>
                <dt>
                  <Kbd keys={key} />
                </dt>
                <dd>{word}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {shown.length === 0 && <p className="empty">{t("keys.none")}</p>}
      <label className="row keys-letters">
        <Switch checked={prefs.letterKeys} onChange={(letterKeys) => choose({ letterKeys })} />
        <span>{t("keys.letters")}</span>
      </label>
    </Dialog>
  );
}

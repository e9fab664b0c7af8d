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
      ["F1", "help_page"],
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
      ["Alt A", "accept"],
      ["Alt P", "pass"],
      ["Alt R", "resolve"],
      ["Ctrl Z", "undo"],
      ["Alt T", "transfer"],
      ["Alt B", "hand_back"],
      ["Alt Z", "snooze"],
      ["Alt L", "label"],
      ["Alt H", "hold"],
      ["Alt M", "note"],
      ["Alt I", "customer"],
      ["↑ ↓", "list"],
      ["J K", "messages"],
      ["Ctrl F", "find_in"],
      ["Q", "quote"],
    ],
  },
  {
    name: "composer",
    keys: [
      ["Enter", "send"],
      ["Shift Enter", "line"],
      ["/", "canned"],
      ["↑", "correct"],
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
    name: "floor",
    keys: [
      ["J K", "floor_walk"],
      ["L", "floor_listen"],
      ["Shift W", "floor_whisper"],
      ["B", "floor_join"],
      ["T", "floor_take_over"],
      ["R", "floor_transfer"],
      ["W", "wall"],
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
  const { t } = useTranslation("keys");
  const { t: shell } = useTranslation("shell");
  const prefs = usePrefs();
  const [wanted, setWanted] = useState("");
  const fold = useFolded();
  const matches = (key: string, word: string) => wanted === "" || fold(`${key} ${word}`).includes(fold(wanted));
  const shown = groups
    .map((group) => ({
      name: group.name,
      keys: group.keys.map(([key, act]) => ({ key, word: t(act) })).filter(({ key, word }) => matches(key, word)),
    }))
    .filter((group) => group.keys.length > 0);

  return (
    <Dialog open={open} onClose={onClose} title={t("title")} closeLabel={shell("close")}>
      <Input
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        placeholder={t("search")}
        aria-label={t("search")}
        allowClear
      />
      {shown.map((group) => (
        <section key={group.name} className="keys-group">
          <h3>{t(`group.${group.name}`)}</h3>
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
      {shown.length === 0 && <p className="empty">{t("none")}</p>}
      <label className="row keys-letters">
        <Switch checked={prefs.letterKeys} onChange={(letterKeys) => choose({ letterKeys })} />
        <span>{shell("keys.letters")}</span>
      </label>
    </Dialog>
  );
}

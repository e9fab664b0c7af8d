import type { Conversation } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { mostAtOnce } from "../desk/several";
import { clock, count } from "../lib/format";
import { say } from "../lib/i18n";
import { useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { isSlow, owedSince } from "./model";

/** The conversations that agents serve, whose customer has waited longest for a reply first. */
export function Served({
  rows,
  now,
  slow,
  open,
  selected,
  onOpen,
  onChoose,
  onAll,
}: {
  rows: readonly Conversation[];
  now: number;
  /** From when a reply is slow, in milliseconds. */
  slow: number | null;
  open: string | null;
  /** The conversations that are chosen, to be transferred together; null if whoever looks may transfer none. */
  selected: ReadonlySet<string> | null;
  onOpen(id: string): void;
  onChoose(id: string, isChosen: boolean): void;
  onAll(areChosen: boolean): void;
}) {
  const { t } = useTranslation("floor");
  const { language } = usePrefs();
  const titleOf = useTitleOf();
  return (
    <section className="card floor-served" aria-label={t("served")}>
      <header className="floor-head">
        <h2>{t("served")}</h2>
        <b className="n">{count(rows.length, language)}</b>
        {selected && rows.length > 1 && (
          <label className="s2 t2 floor-all">
            <input
              type="checkbox"
              checked={rows.slice(0, mostAtOnce).every(({ id }) => selected.has(id))}
              onChange={(event) => onAll(event.target.checked)}
            />
            {rows.length > mostAtOnce ? t("served.choose_first", { count: mostAtOnce }) : t("served.choose_all")}
          </label>
        )}
      </header>
      {rows.length === 0 && <p className="empty">{t("served.none")}</p>}
      <ul>
        {rows.map((one) => {
          const since = owedSince(one);
          const ms = since === null ? null : now - since;
          return (
            <li key={one.id} className={selected ? "floor-choice" : undefined}>
              {selected && (
                <input
                  type="checkbox"
                  checked={selected.has(one.id)}
                  aria-label={t("served.choose", { name: titleOf(one) })}
                  onChange={(event) => onChoose(one.id, event.target.checked)}
                />
              )}
              <button
                type="button"
                className="floor-row"
                data-id={one.id}
                aria-pressed={one.id === open}
                onClick={() => onOpen(one.id)}
              >
                <span className="grow">
                  <b className="el" dir="auto">
                    {titleOf(one)}
                  </b>
                  <span className="s1 t3 el" dir="auto">
                    {one.preview?.text || one.subject || ""}
                  </span>
                </span>
                {one.danger && <span className="tag hot">{t("served.danger")}</span>}
                <span className="tag line el" dir="auto">
                  {say(one.queue?.name, language)}
                </span>
                <bdi className="s2 t2 floor-who">{one.agent?.name ?? ""}</bdi>
                <span className={ms !== null && isSlow(ms, slow) ? "n hot b floor-end" : "n floor-end"}>
                  {ms === null ? (
                    <span className="t3">{t("served.customer")}</span>
                  ) : (
                    <>
                      <span className="sr">{t("served.waits")} </span>
                      {clock(ms)}
                    </>
                  )}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

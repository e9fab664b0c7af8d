import { Dialog } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { EntryTexts, KnowledgeChange } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Listed } from "../lib/listed";
import { usePrefs } from "../lib/prefs";
import { Marked } from "./marked";
import { changes } from "./queries";
import { sides, tagOfSide } from "./texts";

const lines = (texts: EntryTexts | null, side: "zh" | "en") =>
  texts ? [texts.question[side], ...texts.similar[side]].filter((line) => line !== "").join("\n") : "";

function Change({ change }: { change: KnowledgeChange }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const { before, after } = change;
  return (
    <details className="kn-change">
      <summary>
        <span className={change.change === "removed" ? "tag hot" : change.change === "new" ? "tag ok" : "tag warn"}>
          {t(`state.${change.change}`)}
        </span>
        <span className="grow el" dir="auto">
          {say(change.question, language)}
        </span>
        <span className="s1 t3">{change.fields.map((field) => t(`field.${field}`)).join(t("and"))}</span>
      </summary>
      {sides.map((side) => {
        const asked = [lines(before, side), lines(after, side)] as const;
        const answered = [before?.answer[side] ?? "", after?.answer[side] ?? ""] as const;
        return (
          <div key={side}>
            {asked[0] !== asked[1] && (
              <>
                <h4 className="s1 t3">{t("phrasings")}</h4>
                <Marked lang={tagOfSide(side)} before={asked[0]} after={asked[1]} />
              </>
            )}
            {answered[0] !== answered[1] && (
              <>
                <h4 className="s1 t3">{t(`answer.${side}`)}</h4>
                <Marked lang={tagOfSide(side)} before={answered[0]} after={answered[1]} />
              </>
            )}
          </div>
        );
      })}
      {before && after && before.category !== after.category && (
        <p className="s2">{t("change.category", { from: before.category, to: after.category })}</p>
      )}
    </details>
  );
}

/** The differences between two sides, one line per entry; each opens to show what was added and removed. */
export function Changes({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation("knowledge");
  const list = useInfiniteQuery(changes(from, to));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isSuccess && rows.length === 0) return <p className="t2">{t("changes.none")}</p>;
  return (
    <Listed
      of={list}
      rows={rows}
      loading={
        <p className="t3" role="status">
          {t("loading")}
        </p>
      }
    >
      <div className="kn-changes">
        {rows.map((one) => (
          <Change key={one.id} change={one} />
        ))}
      </div>
    </Listed>
  );
}

export function ChangesDialog({
  title,
  from,
  to,
  onClose,
}: {
  title: string;
  from: string;
  to: string;
  onClose(): void;
}) {
  const { t } = useTranslation("knowledge");
  return (
    <Dialog open title={title} closeLabel={t("close")} onClose={onClose} width="44rem">
      <Changes from={from} to={to} />
    </Dialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { QuestionKind } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queues } from "../lib/directory";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { toast } from "../lib/toast";
import { QuestionKindForm } from "./question-kind-form";
import { questionKinds, useChangeQuestionKind } from "./question-kinds";
import "./settings.css";

/** The kinds of question that customers choose among before a person is asked for: where each leads, and what it asks for. */
export function QuestionKindsPage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(questionKinds);
  const lines = new Map(useQuery(queues).data?.items.map((one) => [one.id, say(one.name, language)]));
  const change = useChangeQuestionKind();
  const refuse = useRefused();
  const [editing, setEditing] = useState<QuestionKind | "new" | null>(null);
  const all = found.data?.items ?? [];
  const archive = (kind: QuestionKind, archived: boolean) =>
    change.mutate(
      { id: kind.id, archived, seen: kind.updated_at },
      { onSuccess: () => toast(t(archived ? "question.archived" : "question.restored")), onError: refuse },
    );
  const actsOf = (kind: QuestionKind, name: string): Act[] => [
    { word: t("edit"), label: t("edit.one", { name }), run: () => setEditing(kind) },
    {
      word: t(kind.archived_at === null ? "question.archive" : "question.restore"),
      run: () => archive(kind, kind.archived_at === null),
    },
  ];
  const asks = ({ details }: QuestionKind) =>
    details
      .map(({ label, required }) => t(required ? "question.asks" : "question.may_ask", { label: say(label, language) }))
      .join(language === "en" ? ", " : "、");
  return (
    <>
      <ListPage
        title={t("side.question_kinds")}
        add={{ word: t("question.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={2} className="settings-cards" card="card settings-one" />}
        empty={
          <>
            <p>{t("questions.none")}</p>
            <p>{t("questions.what")}</p>
          </>
        }
      >
        <ul className="settings-cards" aria-label={t("side.question_kinds")}>
          {all.map((kind) => {
            const name = say(kind.name, language);
            const queue = kind.queue === null ? undefined : lines.get(kind.queue);
            return (
              <li key={kind.id} className="card settings-one" aria-label={name}>
                <div className="row">
                  <div className="row wrap grow">
                    <b dir="auto">{name}</b>
                    {kind.archived_at !== null && <span className="tag">{t("question.is_archived")}</span>}
                    {queue !== undefined && <span className="tag">{t("question.to", { queue })}</span>}
                  </div>
                  <RowActs name={name} acts={actsOf(kind, name)} />
                </div>
                <p className="s2 t3">{kind.details.length === 0 ? t("question.asks_nothing") : asks(kind)}</p>
              </li>
            );
          })}
        </ul>
      </ListPage>
      {editing !== null && (
        <QuestionKindForm
          key={editing === "new" ? "new" : editing.id}
          kind={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { Label } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { labels, useChangeLabel, useDeleteLabel } from "../labels/queries";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { RowActs, type Act } from "../lib/row-acts";
import { toast } from "../lib/toast";
import { LabelForm } from "./label-form";
import "./settings.css";

/** The labels with which agents say what a conversation is about. */
export function LabelsPage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const text = useProblemText();
  const found = useQuery(labels);
  const remove = useDeleteLabel();
  const change = useChangeLabel();
  const [editing, setEditing] = useState<Label | "new" | null>(null);
  const all = found.data?.items ?? [];
  const refused = (error: unknown) => toast(text(error), "hot");
  const archive = (label: Label, archived: boolean) =>
    change.mutate(
      { id: label.id, archived, seen: label.updated_at },
      { onSuccess: () => toast(t(archived ? "label.archived" : "label.restored")), onError: refused },
    );
  /** One that conversations have is archived instead. */
  const refuse = (label: Label) => (error: unknown) =>
    isProblem(error, "label_in_use")
      ? toast(t("label.in_use"), "hot", { word: t("label.archive"), run: () => archive(label, true) })
      : refused(error);
  const actsOf = (label: Label): Act[] => {
    const name = say(label.name, language);
    const isArchived = label.archived_at !== null;
    return [
      { word: t("edit"), label: t("edit.one", { name }), run: () => setEditing(label) },
      { word: t(isArchived ? "label.restore" : "label.archive"), run: () => archive(label, !isArchived) },
      {
        word: t("delete"),
        disabled: remove.isPending,
        asks: { ask: t("delete.ask", { name }), what: t("label.delete.what"), danger: true },
        run: () => remove.mutate(label.id, { onSuccess: () => toast(t("deleted")), onError: refuse(label) }),
      },
    ];
  };
  return (
    <>
      <ListPage
        title={t("side.labels")}
        add={{ word: t("label.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingRows rows={3} className="card settings-rows settings-card" />}
        empty={
          <>
            <p>{t("labels.none")}</p>
            <p>{t("labels.what")}</p>
          </>
        }
      >
        <ul className="card settings-rows settings-card" aria-label={t("side.labels")}>
          {all.map((label) => (
            <li key={label.id} className="row" aria-label={say(label.name, language)}>
              <span className="grow">
                <LabelTag label={label} />
                {label.archived_at !== null && <span className="s2 t3"> {t("label.is_archived")}</span>}
              </span>
              <RowActs name={say(label.name, language)} acts={actsOf(label)} />
            </li>
          ))}
        </ul>
      </ListPage>
      {editing !== null && <LabelForm label={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

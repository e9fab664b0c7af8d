import { useQuery } from "@tanstack/react-query";
import type { Macro } from "@yingda/api/types";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { may, useMe } from "../lib/session";
import { MacroForm } from "./macro-form";
import { macros, useCreateMacro, useDeleteMacro } from "../desk/macros";
import { useMacroWords } from "../desk/macro-words";
import "../settings/settings.css";

/** The macros: everybody's, and one's own; what each does, and what is missing for it. */
export function MacrosPage({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation("canned");
  const { language } = usePrefs();
  const me = useMe();
  const found = useQuery(macros);
  const remove = useDeleteMacro();
  const create = useCreateMacro();
  const undo = useUndo();
  const refuse = useRefused();
  const { preview } = useMacroWords();
  const [editing, setEditing] = useState<Macro | "new" | null>(null);
  const all = found.data?.items ?? [];
  const [mayOwn, mayShare] = [may(me, "desk"), may(me, "canned_replies.edit")];
  const actsOf = ({ id, own, acts, name: both }: Macro, name: string, one: Macro): Act[] => [
    { word: t("edit"), label: t("edit.one", { name }), run: () => setEditing(one) },
    {
      word: t("delete"),
      label: t("delete.one", { name }),
      disabled: remove.isPending,
      asks: { ask: t("delete.ask", { name }), what: t("macro.delete.what"), danger: true },
      run: () =>
        remove.mutate(id, {
          onSuccess: () => undo(t("deleted", { name }), () => create.mutateAsync({ name: both, own, acts })),
          onError: refuse,
        }),
    },
  ];
  return (
    <>
      <ListPage
        title={t("title")}
        about={tabs}
        add={mayOwn || mayShare ? { word: t("macro.new"), run: () => setEditing("new") } : null}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={2} className="settings-cards" card="card settings-one" />}
        empty={
          <>
            <p>{t("macros.none")}</p>
            <p>{t("macros.what")}</p>
          </>
        }
      >
        <ul className="settings-cards" aria-label={t("tab.macros")}>
          {all.map((one) => {
            const name = say(one.name, language);
            return (
              <li key={one.id} className="card settings-one" aria-label={name}>
                <div className="row">
                  <div className="row wrap grow">
                    <b dir="auto">{name}</b>
                    <span className="tag">{t(one.own ? "macro.own" : "macro.shared")}</span>
                    {one.gone && <span className="tag warn">{t("macro.gone", { gone: say(one.gone, language) })}</span>}
                  </div>
                  {(one.own ? mayOwn : mayShare) && <RowActs name={name} acts={actsOf(one, name, one)} />}
                </div>
                <p className="s2 t3" dir="auto">
                  {preview(one)}
                </p>
              </li>
            );
          })}
        </ul>
      </ListPage>
      {editing !== null && (
        <MacroForm
          key={editing === "new" ? "new" : editing.id}
          of={editing === "new" ? null : editing}
          mayShare={mayShare}
          mayOwn={mayOwn}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

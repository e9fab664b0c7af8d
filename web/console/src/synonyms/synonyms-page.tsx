import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { SynonymGroup } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FileListPage } from "../lib/file-list-page";
import { Filter } from "../lib/filter";
import { dayAndTime } from "../lib/format";
import { useRefused, useUndo } from "../lib/mutations";
import { isProblem } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { useTyped } from "../lib/use-typed";
import { Heard } from "./heard";
import { exportUrl, synonyms, useCreateSynonyms, useDeleteSynonyms, useImportSynonyms } from "./queries";
import type { SynonymsSearch } from "./search";
import { SynonymsForm } from "./synonyms-form";
import "./synonyms.css";

/** Groups of words that mean the same to customers: list, search, add, edit, delete, import and export, and a sentence to try them with. */
export function SynonymsPage() {
  const { t } = useTranslation("curate");
  const me = useMe();
  const navigate = useNavigate({ from: "/bot/synonyms" });
  const refused = useRefused();
  const undo = useUndo();
  const search = useSearch({ from: "/inside/bot/synonyms" });
  const set = (change: Partial<Record<keyof SynonymsSearch, unknown>>) =>
    void navigate({
      search: (before): SynonymsSearch =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== ""),
        ),
      replace: true,
    });
  const [words, setWords] = useTyped(search.q ?? "", (q) => set({ q }));
  const [editing, setEditing] = useState<SynonymGroup | "new" | null>(null);
  const pages = useInfiniteQuery(synonyms(search));
  const create = useCreateSynonyms();
  const remove = useDeleteSynonyms();
  const read = useImportSynonyms();
  const groups = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const drop = (group: SynonymGroup) => {
    const told = t("synonyms.deleted", { word: group.words[0] });
    remove.mutateAsync(group.id).then(
      () => undo(told, () => create.mutateAsync({ lang: group.lang, words: group.words, anyway: true })),
      (error: unknown) => {
        if (!isProblem(error, "not_found")) refused(error);
      },
    );
  };
  const one = (group: SynonymGroup) => ({ word: group.words[0] ?? "" });
  return (
    <>
      <FileListPage
        what="synonyms"
        total={pages.data?.pages[0]?.total}
        isNarrowed={Object.keys(search).length > 0}
        onShowAll={() => {
          setWords("");
          void navigate({ search: {} });
        }}
        words={words}
        onWords={setWords}
        filters={
          <>
            <Filter
              label={t("field.lang")}
              all={t("all.langs")}
              options={(["zh-CN", "en"] as const).map((lang) => ({ value: lang, word: t(`lang.${lang}`) }))}
              value={search.lang}
              onChange={(lang) => set({ lang })}
            />
            <label className="row s2 t2">
              <input
                type="checkbox"
                checked={search.shared === true}
                onChange={(event) => set({ shared: event.target.checked ? true : undefined })}
              />
              {t("synonyms.shared")}
            </label>
          </>
        }
        above={<Heard onWord={setWords} />}
        add={{ word: t("synonyms.new"), run: () => setEditing("new") }}
        file={exportUrl}
        subject={t("field.words")}
        read={read.mutateAsync}
        of={pages}
        rows={groups}
      >
        <ul className="card syn-list" aria-label={t("synonyms.title")} aria-busy={pages.isPlaceholderData}>
          {groups.map((group) => (
            <li key={group.id} className="syn-row">
              <span className="syn-words" lang={group.lang} dir="auto">
                {group.words.map((word) => {
                  const shared = group.elsewhere.includes(word);
                  return (
                    <span key={word} className={shared ? "tag warn" : "tag line"}>
                      {word}
                      {shared && <span className="sr"> {t("synonyms.is_shared")}</span>}
                    </span>
                  );
                })}
              </span>
              <span className="s1 t3 syn-when">
                {t(`lang.${group.lang}`)}
                {group.updated_at > 0 && (
                  <>
                    <i className="dot" />
                    {dayAndTime(group.updated_at, me.time_zone)}
                  </>
                )}
              </span>
              <RowActs
                name={group.words[0] ?? ""}
                acts={[
                  { word: t("edit"), label: t("synonyms.edit.one", one(group)), run: () => setEditing(group) },
                  { word: t("delete"), label: t("synonyms.delete.one", one(group)), run: () => drop(group) },
                ]}
              />
            </li>
          ))}
        </ul>
      </FileListPage>
      {editing !== null && (
        <SynonymsForm
          key={editing === "new" ? "new" : editing.id}
          group={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

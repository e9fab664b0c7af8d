import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { SynonymGroup } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FileDialog } from "../lib/file-dialog";
import { Filter } from "../lib/filter";
import { count, dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { SearchField } from "../lib/search-field";
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
  const { language } = usePrefs();
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
  const [editing, setEditing] = useState<SynonymGroup | "new" | "import" | null>(null);
  const pages = useInfiniteQuery(synonyms(search));
  const create = useCreateSynonyms();
  const remove = useDeleteSynonyms();
  const read = useImportSynonyms();
  const groups = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  const narrowed = Object.keys(search).length > 0;
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
      <ListPage
        title={t("synonyms.title")}
        about={
          <span className="s2 t3 n">
            {pages.isSuccess && t("synonyms.total", { count: total, n: count(total, language) })}
          </span>
        }
        acts={
          <>
            <Button onClick={() => setEditing("import")}>{t("import")}</Button>
            <Button href={exportUrl} download>
              <Icon name="download" />
              {t("export")}
            </Button>
          </>
        }
        add={{ word: t("synonyms.new"), run: () => setEditing("new") }}
        className="syn-body"
        of={pages}
        rows={groups}
        above={
          <>
            <p className="notice syn-about">{t("synonyms.about")}</p>
            <Heard onWord={setWords} />
            <div className="row wrap" role="search">
              <SearchField className="syn-search" label={t("synonyms.search")} value={words} onChange={setWords} />
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
            </div>
          </>
        }
        loading={<LoadingRows rows={8} className="card" />}
        empty={
          <>
            <p>{t(narrowed ? "empty.search" : "synonyms.empty")}</p>
            {narrowed && (
              <Button
                onClick={() => {
                  setWords("");
                  void navigate({ search: {} });
                }}
              >
                {t("search.clear")}
              </Button>
            )}
          </>
        }
      >
        <ul className="card syn-list" aria-label={t("synonyms.title")} aria-busy={pages.isPlaceholderData}>
          {groups.map((group) => (
            <li key={group.id} className="syn-row">
              <span className="syn-words" lang={group.lang}>
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
      </ListPage>
      {editing === "import" ? (
        <FileDialog
          title={t("synonyms.import")}
          what={t("synonyms.import.what")}
          subject={t("field.words")}
          read={read.mutateAsync}
          onClose={() => setEditing(null)}
        />
      ) : (
        editing !== null && (
          <SynonymsForm
            key={editing === "new" ? "new" : editing.id}
            group={editing === "new" ? null : editing}
            onClose={() => setEditing(null)}
          />
        )
      )}
    </>
  );
}

import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { CannedReply } from "@yingda/api/types";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ListPage } from "../lib/list-page";
import { SearchField } from "../lib/search-field";
import { may, useMe } from "../lib/session";
import { useTyped } from "../lib/use-typed";
import { CannedTable } from "./canned-table";
import { cannedReplies } from "./queries";
import { ReplyForm } from "./reply-form";
import "./canned-replies.css";

/** The replies that everyone at the desk finds by typing `/`: list, search, add, edit, delete. */
export function CannedRepliesPage({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation("canned");
  const me = useMe();
  const navigate = useNavigate();
  const { q = "", open } = useSearch({ from: "/inside/bot/canned-replies" });
  const [words, setWords] = useTyped(
    q,
    (next) => void navigate({ to: "/bot/canned-replies", search: next === "" ? {} : { q: next }, replace: true }),
  );
  const [editing, setEditing] = useState<CannedReply | "new" | null>(null);
  const pages = useInfiniteQuery(cannedReplies(q));
  const replies = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const mayEdit = may(me, "canned_replies.edit");

  useEffect(() => {
    if (open !== "new") return;
    if (mayEdit) setEditing("new");
    void navigate({ to: "/bot/canned-replies", search: q === "" ? {} : { q }, replace: true });
  }, [open, mayEdit, q, navigate]);

  return (
    <>
      <ListPage
        data-tour="canned"
        title={t("title")}
        about={
          <>
            {tabs}
            <span className="s2 t3 canned-about">{t("about")}</span>
          </>
        }
        acts={<SearchField className="canned-search" label={t("search")} value={words} onChange={setWords} />}
        add={mayEdit ? { word: t("new"), run: () => setEditing("new") } : null}
        of={pages}
        rows={replies}
        empty={
          <>
            <p>{q === "" ? t("empty") : t("empty.search", { q })}</p>
            {q === "" ? (
              mayEdit && (
                <ol className="first-use">
                  <li>{t("first.write")}</li>
                  <li>{t("first.slash")}</li>
                  <li>{t("first.variables")}</li>
                </ol>
              )
            ) : (
              <Button onClick={() => setWords("")}>{t("search.clear")}</Button>
            )}
          </>
        }
      >
        <CannedTable replies={replies} busy={pages.isPlaceholderData} onEdit={mayEdit ? setEditing : null} />
      </ListPage>
      {editing !== null && (
        <ReplyForm
          key={editing === "new" ? "new" : editing.id}
          reply={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

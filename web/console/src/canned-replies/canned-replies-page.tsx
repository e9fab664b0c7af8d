import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { CannedReply } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { ListPage } from "../lib/list-page";
import { useRefused, useUndo } from "../lib/mutations";
import { isProblem } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { SearchField } from "../lib/search-field";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useTyped } from "../lib/use-typed";
import { fieldsOf } from "./fields";
import { cannedReplies, useCreateReply, useDeleteReply } from "./queries";
import { ReplyForm } from "./reply-form";
import "./canned-replies.css";

/** The actions available for a reply. */
function ReplyActs({ reply, onEdit }: { reply: CannedReply; onEdit(): void }) {
  const { t } = useTranslation("canned");
  const refused = useRefused();
  const undo = useUndo();
  const remove = useDeleteReply();
  const create = useCreateReply();
  const confirmed = () => {
    const told = t("deleted", { name: reply.title });
    remove.mutateAsync(reply.id).then(
      () => undo(told, () => create.mutateAsync(fieldsOf(reply))),
      (error: unknown) => {
        if (isProblem(error, "not_found")) toast(told);
        else refused(error);
      },
    );
  };
  return (
    <RowActs
      name={reply.title}
      acts={[
        { word: t("edit"), label: t("edit.one", { name: reply.title }), run: onEdit },
        {
          word: t("delete"),
          label: t("delete.one", { name: reply.title }),
          disabled: remove.isPending,
          asks: { ask: t("delete.ask", { name: reply.title }), what: t("delete.what"), danger: true },
          run: confirmed,
        },
      ]}
    />
  );
}

/** The replies that everyone at the desk finds by typing `/`: list, search, add, edit, delete. */
export function CannedRepliesPage() {
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
        title={t("title")}
        about={<span className="s2 t3 canned-about">{t("about")}</span>}
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
        <div className="card canned-card" aria-busy={pages.isPlaceholderData}>
          <table className="canned-table">
            <thead>
              <tr>
                <th scope="col">{t("field.shortcode")}</th>
                <th scope="col">{t("field.title")}</th>
                <th scope="col">{t("field.zh")}</th>
                <th scope="col">{t("field.en")}</th>
                <th scope="col" className="canned-when">
                  {t("updated")}
                </th>
                {mayEdit && (
                  <th scope="col">
                    <span className="sr">{t("acts")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {replies.map((reply) => (
                <tr key={reply.id}>
                  <th scope="row">
                    <code>{`/${reply.shortcode}`}</code>
                  </th>
                  <td className="b canned-title">{reply.title}</td>
                  <td lang="zh-CN">
                    <span className="canned-body">{reply.body.zh || <span className="t3">{t("nothing")}</span>}</span>
                  </td>
                  <td lang="en">
                    <span className="canned-body">{reply.body.en || <span className="t3">{t("nothing")}</span>}</span>
                  </td>
                  <td className="t3 s2 canned-when">{dayAndTime(reply.updated_at, me.time_zone)}</td>
                  {mayEdit && (
                    <td className="canned-acts">
                      <ReplyActs reply={reply} onEdit={() => setEditing(reply)} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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

import type { CannedReply } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { useRefused, useUndo } from "../lib/mutations";
import { isProblem } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { fieldsOf } from "./fields";
import { useCreateReply, useDeleteReply } from "./queries";

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

interface CannedTableProps {
  replies: readonly CannedReply[];
  busy: boolean;
  /** Null if the member may not edit them. */
  onEdit: ((reply: CannedReply) => void) | null;
}

/** The replies with their texts in both languages. */
export function CannedTable({ replies, busy, onEdit }: CannedTableProps) {
  const { t } = useTranslation("canned");
  const me = useMe();
  const nothing = <span className="t3">{t("nothing")}</span>;
  const body = (side: "zh" | "en"): Column<CannedReply> => ({
    id: side,
    title: t(`field.${side}`),
    lang: side === "zh" ? "zh-CN" : "en",
    mayHide: "shown",
    narrow: "line",
    cell: (reply) => <span className="canned-body">{reply.body[side] || nothing}</span>,
  });
  const columns: readonly (Column<CannedReply> | false)[] = [
    {
      id: "shortcode",
      title: t("field.shortcode"),
      isHeading: true,
      cell: (reply) => <code className="canned-code">{`/${reply.shortcode}`}</code>,
    },
    {
      id: "title",
      title: t("field.title"),
      className: "b canned-title",
      narrow: "beside",
      cell: (reply) => reply.title,
    },
    body("zh"),
    body("en"),
    {
      id: "updated",
      title: t("updated"),
      className: "t3 s2 nowrap",
      mayHide: "shown",
      isExtra: true,
      narrow: "nowhere",
      cell: (reply) => dayAndTime(reply.updated_at, me.time_zone),
    },
    onEdit !== null && {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (reply) => <ReplyActs reply={reply} onEdit={() => onEdit(reply)} />,
    },
  ];
  return (
    <Table
      label={t("title")}
      className="card"
      remember="canned-replies"
      columns={columns}
      rows={replies}
      keyOf={({ id }) => id}
      busy={busy}
    />
  );
}

import type { AuditEntry } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useAuditWords } from "./use-audit-words";

/** How many changes of an entry the list shows. */
const few = 2;

interface AuditTableProps {
  entries: readonly AuditEntry[];
  busy: boolean;
  onOpen(entry: AuditEntry): void;
}

/** Entries of the audit, each with what it changed in words. */
export function AuditTable({ entries, busy, onOpen }: AuditTableProps) {
  const { t } = useTranslation("audit");
  const me = useMe();
  const { act, who, change, refusal } = useAuditWords();
  const columns: readonly Column<AuditEntry>[] = [
    {
      id: "at",
      title: t("column.at"),
      className: "t3 s2",
      narrow: "untitled",
      cell: (one) => <time dateTime={new Date(one.at).toISOString()}>{dayAndTime(one.at, me.time_zone)}</time>,
    },
    {
      id: "who",
      title: t("column.who"),
      narrow: "untitled",
      cell: (one) => <bdi>{who(one)}</bdi>,
    },
    {
      id: "act",
      title: t("column.act"),
      isHeading: true,
      cell: (one) => (
        <button type="button" className="y-text-button audit-act" onClick={() => onOpen(one)}>
          {one.altered && one.operation === "" ? t("altered.short") : act(one.operation)}
          <span className="sr">{t("number", { number: one.seq })}</span>
        </button>
      ),
    },
    {
      id: "what",
      title: t("column.what"),
      className: "s2",
      narrow: "line",
      cell: (one) => (
        <>
          {one.altered && <span className="tag hot">{t("altered.short")}</span>}
          {refusal(one) !== null && <span className="tag warn">{refusal(one)}</span>}
          {one.changes.slice(0, few).map((each) => (
            <span key={each.field} className="audit-change" dir="auto">
              {change(each)}
            </span>
          ))}
          {one.changes.length > few && (
            <span className="audit-change t3">{t("more", { count: one.changes.length - few })}</span>
          )}
        </>
      ),
    },
    {
      id: "object",
      title: t("column.object"),
      className: "s2 audit-id",
      isExtra: true,
      narrow: "nowhere",
      cell: (one) => one.object,
    },
    {
      id: "from",
      title: t("column.from"),
      className: "s2",
      isExtra: true,
      narrow: "nowhere",
      cell: (one) => one.from?.address ?? (one.by.kind === "terminal" ? t("from.terminal") : null),
    },
  ];
  return (
    <Table
      label={t("title")}
      className="card"
      remember="audit"
      columns={columns}
      rows={entries}
      keyOf={({ seq }) => String(seq)}
      busy={busy}
    />
  );
}

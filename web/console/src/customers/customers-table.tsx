import { Link } from "@tanstack/react-router";
import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { count, dayAndTime, dayOf, nothing } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useCustomerName } from "./names";

type Customer = Schema<"CustomerSummary">;

/** The customers that were found, each with what leads to them and when they were here last. */
export function CustomersTable({ rows, busy }: { rows: readonly Customer[]; busy: boolean }) {
  const { t } = useTranslation("customers");
  const { language } = usePrefs();
  const { time_zone: zone } = useMe();
  const nameOf = useCustomerName();
  const columns: readonly Column<Customer>[] = [
    {
      id: "name",
      title: t("field.name"),
      isHeading: true,
      cell: (one) => (
        <Link to="/customers/$customer" params={{ customer: one.id }} data-cell>
          <bdi>{nameOf(one)}</bdi>
        </Link>
      ),
    },
    {
      id: "contacts",
      title: t("field.contacts"),
      cell: ({ contacts }) =>
        contacts.length === 0 ? (
          <span className="t3">{nothing}</span>
        ) : (
          <span className="row wrap">
            {[...new Set(contacts.map(({ masked }) => masked))].map((masked) => (
              <bdi key={masked} className="n">
                {masked}
              </bdi>
            ))}
          </span>
        ),
    },
    {
      id: "labels",
      title: t("field.labels"),
      cell: ({ labels }) => (
        <span className="row wrap">
          {labels.map((label) => (
            <LabelTag key={label.id} label={label} />
          ))}
        </span>
      ),
    },
    {
      id: "conversations",
      title: t("field.conversations"),
      align: "end",
      className: "n",
      narrow: "beside",
      cell: (one) =>
        one.conversations === 0 ? (
          <span className="t3">{count(0, language)}</span>
        ) : (
          <Link
            className="num"
            to="/records"
            search={{ customer: one.id }}
            data-cell
            aria-label={t("conversations.open", { name: nameOf(one), count: one.conversations })}
          >
            {count(one.conversations, language)}
          </Link>
        ),
    },
    {
      id: "last",
      title: t("field.last"),
      className: "n",
      cell: ({ last_conversation_at: at }) =>
        at === null ? <span className="t3">{nothing}</span> : <bdi>{dayAndTime(at, zone)}</bdi>,
    },
    {
      id: "since",
      title: t("field.since"),
      className: "n",
      isExtra: true,
      cell: (one) => <bdi>{dayOf(one.created_at, zone)}</bdi>,
    },
  ];
  return <Table label={t("title")} className="card" columns={columns} rows={rows} keyOf={({ id }) => id} busy={busy} />;
}

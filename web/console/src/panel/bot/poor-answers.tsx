import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { LoadingRows } from "../../lib/loading";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
import { Opens } from "./cards";
import type { ofEntries, PartRow } from "./model";

/** How many are shown at first. */
const some = 10;

type Row = PartRow<(typeof ofEntries)[number]>;
const reasons = ["poor_unhelpful", "poor_asked", "poor_repeated", "poor_rated"] as const;

/** Why answers count as poor, each with a door to them. */
function Reasons({ row: { part, values } }: { row: Row }) {
  const { t } = useTranslation("botreport");
  return reasons
    .filter((key) => (values[key] ?? 0) > 0)
    .map((key) => (
      <Opens key={key} open={key} by="entry" part={part} className="tag warn">
        {t(key, { count: values[key] ?? 0 })}
      </Opens>
    ));
}

/** Where what the bot answered from is changed: an entry among the answers, a product or a plan in its list. Nothing leads to what no longer exists. */
function Change({ row: { part, source }, name }: { row: Row; name: string }) {
  const { t } = useTranslation("botreport");
  const me = useMe();
  if (source === "entry" && may(me, "knowledge.edit"))
    return (
      <Link to="/bot/answers" search={{ entry: part }} className="s2" aria-label={t("poor.edit_this", { name })}>
        {t("poor.edit")}
      </Link>
    );
  if ((source === "product" || source === "plan") && may(me, "goods.edit"))
    return (
      <Link
        to={source === "product" ? "/goods" : "/goods/plans"}
        search={{ open: part }}
        className="s2"
        aria-label={t(`poor.open_this_${source}`, { name })}
      >
        {t(`poor.open_${source}`)}
      </Link>
    );
  return null;
}

/** What the answers came from, by its name; what is not an entry of the knowledge is marked. */
function Called({ row: { source }, name }: { row: Row; name: string }) {
  const { t } = useTranslation("botreport");
  return (
    <>
      {name}
      {source !== "entry" && (
        <>
          {" "}
          <span className="tag line">{t(`poor.source.${source ?? "gone"}`)}</span>
        </>
      )}
    </>
  );
}

/** The answers that turned out poor, the most frequent first, each one press from what it was answered from. */
export function PoorAnswers({
  rows,
  isPending,
  teaches,
}: {
  rows: readonly Row[];
  isPending: boolean;
  teaches: boolean;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const calledOf = ({ part, name }: Row) => (name ? say(name, language) || part : part);
  const columns: readonly (Column<Row> | false)[] = [
    { id: "entry", title: t("poor.entry"), isHeading: true, cell: (row) => <Called row={row} name={calledOf(row)} /> },
    {
      id: "poor",
      title: t("poor.poor"),
      align: "end",
      sortBy: ({ values }) => values.poor_answer,
      first: "descending",
      cell: (row) => (
        <Opens
          open="poor_answer"
          by="entry"
          part={row.part}
          className="dimension-value"
          label={`${calledOf(row)} ${row.values.poor_answer ?? 0}`}
        >
          {count(row.values.poor_answer, language)}
        </Opens>
      ),
    },
    {
      id: "of",
      title: t("poor.of"),
      align: "end",
      className: "nowrap",
      sortBy: ({ values }) => values.turn_answered,
      first: "descending",
      cell: ({ values }) => (
        <>
          <span className="t2 n">{count(values.turn_answered, language)}</span>{" "}
          <span className="t3 n s1">
            {percent(values.turn_answered ? (values.poor_answer ?? 0) / values.turn_answered : null, language, 0)}
          </span>
        </>
      ),
    },
    { id: "why", title: t("poor.why"), className: "bot-why", cell: (row) => <Reasons row={row} /> },
    teaches && {
      id: "edit",
      title: t("poor.edit"),
      isTitleHidden: true,
      align: "end",
      className: "nowrap",
      cell: (row) => <Change row={row} name={calledOf(row)} />,
    },
  ];
  return (
    <section className="card bot-card bot-whole" aria-labelledby="bot-poor">
      <header>
        <h2 id="bot-poor">{t("poor")}</h2>
        <span className="end t3 s2 bot-aside">{t("poor.about")}</span>
      </header>
      {isPending && <LoadingRows rows={4} />}
      {!isPending && rows.length === 0 && <p className="empty">{t("poor.none")}</p>}
      {rows.length > 0 && (
        <Table
          labelledBy="bot-poor"
          form="values"
          className="bot-table"
          columns={columns}
          rows={rows}
          keyOf={({ part }) => part}
          pageSize={some}
        />
      )}
    </section>
  );
}

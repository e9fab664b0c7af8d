import { Link } from "@tanstack/react-router";
import type { Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
import { Meaning, Opens } from "./cards";
import { boundsOf, sampled, type Numbers, type ofBands, type PartRow } from "./model";

type Band = PartRow<(typeof ofBands)[number]>;

/** How many answers of a band are right, beside how many should be. */
function Scale({ of: { part, values } }: { of: Band }) {
  const { language } = usePrefs();
  const { from, to } = boundsOf(part);
  const right = values.precision;
  return (
    <>
      <span className="bot-scale" aria-hidden="true">
        <u style={{ insetInlineStart: `${from * 100}%`, inlineSize: `${(to - from) * 100}%` }} />
        {right !== null && <i style={{ inlineSize: `${right * 100}%` }} />}
      </span>
      <span className="n s2">{percent(right, language, 0)}</span>
    </>
  );
}

/** What judging a sample of the answers tells: how many are right, how far confidence can be trusted, and how much can be answered. */
export function Sample({
  numbers,
  names,
  bands,
  teaches,
}: {
  numbers: Numbers;
  names: ReadonlyMap<string, Indicator>;
  bands: readonly Band[];
  teaches: boolean;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const judged = numbers.get("judged")?.now ?? 0;
  const rows = [...bands].sort((one, other) => boundsOf(other.part).from - boundsOf(one.part).from);
  const number = (of: "turn_answered" | "judged", title: string): Column<Band> => ({
    id: of,
    title,
    align: "end",
    cell: ({ part, values }) => (
      <Opens open={of} by="band" part={part}>
        {count(values[of] ?? 0, language)}
      </Opens>
    ),
  });
  const columns: readonly (Column<Band> | false)[] = [
    {
      id: "band",
      title: t("sample.band"),
      isHeading: true,
      className: "nowrap",
      cell: ({ part }) => {
        const { from, to } = boundsOf(part);
        return t("sample.band_of", { from: percent(from, language, 0), to: percent(to, language, 0) });
      },
    },
    number("turn_answered", t("sample.answers")),
    number("judged", t("sample.judged")),
    // Nothing is right or wrong before somebody has judged: empty bars would say that all is wrong.
    judged > 0 && {
      id: "precision",
      title: t("sample.precision"),
      width: "45%",
      className: "bot-reliability",
      cell: (row) => <Scale of={row} />,
    },
  ];
  return (
    <section className="card bot-card bot-whole" aria-labelledby="bot-sample">
      <header>
        <h2 id="bot-sample">{t("sample")}</h2>
        <span className="t3 s2">
          {t("sample.judged")} <Opens open="judged">{count(judged, language)}</Opens>
        </span>
        {teaches && (
          <Link to="/reports/bot/sample" className="end s2 b">
            {t("sample.judge")}
          </Link>
        )}
      </header>
      <dl className="bot-rates">
        {sampled.map((key) => (
          <div key={key}>
            <dt>
              <Meaning indicator={names.get(key)} />
            </dt>
            <dd>
              <span className="bot-value n">{percent(numbers.get(key)?.now ?? null, language)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {judged === 0 && <p className="s2 t3 bot-note">{t(teaches ? "sample.none" : "sample.none_yet")}</p>}
      {rows.length > 0 && (
        <>
          <Table
            label={t("sample.bands")}
            form="values"
            className="bot-table"
            columns={columns}
            rows={rows}
            keyOf={({ part }) => part}
          />
          {judged > 0 && <p className="s1 t3 bot-note">{t("sample.legend")}</p>}
        </>
      )}
    </section>
  );
}

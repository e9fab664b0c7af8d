import { Button } from "@yingda/antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { serverNow } from "../../lib/clock";
import { download } from "../../lib/download";
import { Failed } from "../../lib/failed";
import { dayAndTime, dayInWords, dayOf, hourMinute } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { useKeys } from "../../lib/keys";
import { LoadingCards } from "../../lib/loading";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import type { Piece } from "../history/model";
import { moved, piecesOf, rangeOf } from "./model";
import { responseTimes, responseTimesCsv } from "./queries";
import { ranges, type Range, type TimesSearch } from "./search";
import { TimesCard } from "./times-card";
import "../panel.css";
import "../history/history.css";
import "./response-times.css";

/** How many things are measured, as long as that is not known. */
const usually = 6;

/** How long the program takes: what people wait for in their browsers, and what of it the server takes. */
export function ResponseTimesPage() {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const text = useProblemText();
  const zone = useMe().time_zone;
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/settings/response-times" });
  const range = rangeOf(search);
  const found = useQuery({ ...responseTimes(search, zone), placeholderData: keepPreviousData });
  const [saving, setSaving] = useState(false);
  const times = found.isError ? undefined : found.data;
  const pieces = times ? piecesOf(times, zone) : [];
  const nothing = times?.items.every((one) => one.total.count === 0);
  const byDay = times?.grain === "day";
  const sameDay = dayOf(times?.from ?? 0, zone) === dayOf((times?.to ?? 1) - 1, zone);

  const go = (change: (now: TimesSearch) => TimesSearch) =>
    void navigate({ to: "/settings/response-times", replace: true, search: (now) => change(now as TimesSearch) });
  const move = (by: 1 | -1) => go((now) => moved(now, by, serverNow()));
  const turn = () => go(({ table, ...rest }) => (table ? rest : { ...rest, table: true }));
  const choose = (value: Range) =>
    go(({ range: _range, until: _until, ...rest }) => (value === "day" ? rest : { ...rest, range: value }));
  const save = async () => {
    setSaving(true);
    try {
      const csv = await responseTimesCsv(search, zone);
      download(`yingda-response-times-${dayOf(serverNow(), zone)}.csv`, new Blob([csv], { type: "text/csv" }));
    } catch (error) {
      toast(text(error), "hot");
    } finally {
      setSaving(false);
    }
  };
  useKeys({ v: turn, c: () => void save(), "[": () => move(-1), "]": () => move(1) });

  const tick = ({ from, day }: Piece) =>
    byDay || (!sameDay && hourMinute(from, zone) === "00:00") ? day.slice(5) : hourMinute(from, zone);
  const name = ({ from }: Piece) => {
    const [day, time] = [dayInWords(from, zone, language), hourMinute(from, zone)];
    return byDay ? day : sameDay ? time : `${day} ${time}`;
  };
  return (
    <Page
      title={t("responses.title")}
      acts={
        <Button loading={saving} disabled={!times} onClick={() => void save()}>
          <Icon name="download" />
          {t("csv.save")}
        </Button>
      }
      className="history-board times-body"
    >
      <div className="range-bar">
        <Choice
          label={t("responses.range")}
          value={range}
          options={(Object.keys(ranges) as Range[]).map((value) => ({ value, word: t(`responses.range.${value}`) }))}
          onChange={choose}
        />
        <span className="row times-move">
          <button
            type="button"
            className="ib s"
            aria-label={t("history.earlier")}
            title={t("history.earlier")}
            onClick={() => move(-1)}
          >
            <Icon name="left" />
          </button>
          <span className="times-period s2">
            {times &&
              (range === "hour"
                ? [dayOf(times.from, zone), `${hourMinute(times.from, zone)} – ${hourMinute(times.to, zone)}`]
                : sameDay
                  ? [dayOf(times.from, zone)]
                  : [`${dayOf(times.from, zone)} –`, dayOf(times.to - 1, zone)]
              ).map((part, index) => (
                <Fragment key={part}>
                  {index > 0 && " "}
                  <span className="nowrap">{part}</span>
                </Fragment>
              ))}
          </span>
          <button
            type="button"
            className="ib s range-later"
            aria-label={t("history.later")}
            title={t("history.later")}
            disabled={search.until === undefined}
            onClick={() => move(1)}
          >
            <Icon name="left" />
          </button>
        </span>
      </div>
      <Failed of={found} />
      {found.isPending && (
        <LoadingCards cards={usually} lines={4} className="history-charts" card="card history-card history-loading" />
      )}
      {nothing && (
        <p className="notice" role="status">
          {t("responses.nothing")}
        </p>
      )}
      {times && (
        <div className="history-charts" aria-busy={found.isFetching && found.isPlaceholderData}>
          {times.items.map((one) => (
            <TimesCard
              key={one.kind}
              of={one}
              pieces={pieces}
              zone={zone}
              tick={tick}
              name={name}
              asTable={search.table === true}
              onTable={turn}
            />
          ))}
        </div>
      )}
      {times && (
        <p className="history-foot t3 s1">
          {t("responses.foot")}
          <i className="dot" />
          {times.time_zone}
          <i className="dot" />
          {t("history.as_of", { time: dayAndTime(times.as_of, zone) })}
        </p>
      )}
    </Page>
  );
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Indicator } from "@yingda/api/types";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { versions as versionsQuery } from "../../knowledge/queries";
import { serverNow, useNow } from "../../lib/clock";
import { Failed } from "../../lib/failed";
import { count, dayAndTime, dayOf, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { LoadingCards } from "../../lib/loading";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { BehindDrawer } from "../drawer";
import { indicatorMap } from "../model";
import { behindRange, indicators } from "../queries";
import { Meaning, Numbered, Rates } from "./cards";
import { answering, numbersOf, partsOf, ofBands, ofEntries, rangeOf, rankedOf, reasons, resolving } from "./model";
import { PoorAnswers } from "./poor-answers";
import { botBands, botEntries, botNumbers } from "./queries";
import { Sample } from "./sample-card";
import { Satisfaction } from "./satisfaction";
import type { BotSearch } from "./search";
import { Unanswered } from "./unanswered";
import "../panel.css";
import "./bot.css";

/** The results of the bot: what it answers, what becomes of it, and where its answers are poor. */
export function BotPage() {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const me = useMe();
  const id = useId();
  const teaches = may(me, "knowledge.edit");
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/reports/bot" });
  const known = useQuery({ ...versionsQuery, enabled: teaches });
  // A minute more or less is a different request: the present minute is as exact as it needs to be.
  const minute = Math.floor(useNow(30_000) / 60_000) * 60_000;
  const versions = known.data?.items;
  const today = dayOf(serverNow(), me.time_zone);
  const range = rangeOf(search, versions, minute) ?? { days: search.days ?? 7, to: today };
  const found = useQuery({ ...botNumbers(range), placeholderData: keepPreviousData });
  const entries = useQuery({ ...botEntries(range), placeholderData: keepPreviousData });
  const bands = useQuery({ ...botBands(range), placeholderData: keepPreviousData });
  const { data: definitions } = useQuery(indicators);
  const names = indicatorMap(definitions);
  const numbers = numbersOf(found.data);
  const first = found.data?.items[0];
  const choose = (next: BotSearch) => void navigate({ to: "/reports/bot", search: next, replace: true });
  const close = () => {
    const { open: _open, by: _by, part: _part, ...rest } = search;
    choose(rest);
  };
  const part =
    search.by &&
    [entries, bands].flatMap(({ data }) => data?.items[0]?.series ?? []).find((one) => one.part === search.part);
  return (
    <>
      <Page
        data-tour="bot_report"
        title={t("title")}
        about={first && <span className="s2 t3">{t("as_of", { time: dayAndTime(first.as_of, first.time_zone) })}</span>}
        acts={
          <span className="row s2">
            <label className="t2" htmlFor={id}>
              {t("range")}
            </label>
            <select
              id={id}
              className="range-select"
              value={search.version === undefined ? `days-${search.days ?? 7}` : `version-${search.version}`}
              onChange={({ target: { value } }) => {
                const [kind, number] = value.split("-");
                if (kind === "version") choose({ version: Number(number) });
                else choose(number === "30" ? { days: 30 } : number === "90" ? { days: 90 } : {});
              }}
            >
              {[7, 30, 90].map((days) => (
                <option key={days} value={`days-${days}`}>
                  {t("range.days", { count: days })}
                </option>
              ))}
              {versions && versions.length > 0 && (
                <optgroup label={t("range.versions")}>
                  {versions.slice(0, 20).map((one) => (
                    <option key={one.number} value={`version-${one.number}`}>
                      {t("range.version", { number: one.number, day: dayOf(one.created_at, me.time_zone) })}
                    </option>
                  ))}
                </optgroup>
              )}
            </select>
          </span>
        }
        className="bot-board"
      >
        <Failed of={found} />
        {found.isPending && <LoadingCards cards={4} lines={4} className="bot-loading" card="card" />}
        {first && (
          <>
            <Rates name="answering" rates={answering} numbers={numbers} names={names}>
              <Numbered open="dialogue" names={names} numbers={numbers} />
            </Rates>
            <Rates name="resolving" rates={resolving} numbers={numbers} names={names}>
              <Numbered open="bot_ended" names={names} numbers={numbers} />
            </Rates>
            <PoorAnswers
              rows={rankedOf(partsOf(entries.data?.items, ofEntries))}
              isPending={entries.isPending}
              teaches={teaches}
            />
            <Reasons
              names={names}
              of={reasons
                .map((key) => ({ key, value: numbers.get(key)?.now ?? 0 }))
                .filter(({ value }) => value > 0)
                .sort((one, other) => other.value - one.value)}
            />
            <Satisfaction numbers={numbers} names={names} />
            {teaches && <Unanswered from={first.from} to={first.to} />}
            <Sample numbers={numbers} names={names} bands={partsOf(bands.data?.items, ofBands)} teaches={teaches} />
          </>
        )}
      </Page>
      <BehindDrawer
        indicator={names.get(search.open ?? "")}
        open={first ? (search.open ?? "") : ""}
        caption={[
          part?.name ? say(part.name, language) : part?.part,
          first && `${dayOf(first.from, first.time_zone)} – ${dayOf(first.to - 1, first.time_zone)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
        zone={first?.time_zone ?? me.time_zone}
        onClose={close}
        pages={behindRange(search.open ?? "", first?.from ?? 0, first?.to ?? 0, search.by, search.part)}
      />
    </>
  );
}

/** Why conversations went to a person, most frequent first. */
function Reasons({
  of,
  names,
}: {
  of: readonly { key: (typeof reasons)[number]; value: number }[];
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const whole = of.reduce((sum, one) => sum + one.value, 0);
  const bar = (value: number): ReactNode => (
    <span className="bot-bar" aria-hidden="true">
      <i style={{ inlineSize: `${whole === 0 ? 0 : (value / whole) * 100}%` }} />
    </span>
  );
  return (
    <section className="card bot-card bot-third" aria-labelledby="bot-reasons">
      <header>
        <h2 id="bot-reasons">{t("reasons")}</h2>
      </header>
      {whole === 0 ? (
        <p className="empty">{t("reasons.none")}</p>
      ) : (
        <ul className="bot-bars">
          {of.map(({ key, value }) => (
            <li key={key}>
              <span className="row">
                <span className="grow t2">
                  <Meaning indicator={names.get(key)} words={t(key)} />
                </span>
                <Link
                  to="/reports/bot"
                  search={(now) => ({ ...(now as BotSearch), open: key })}
                  className="num dimension-value"
                >
                  {count(value, language)}
                </Link>
                <span className="bot-share n t2 s2">{percent(value / whole, language, 0)}</span>
              </span>
              {bar(value)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

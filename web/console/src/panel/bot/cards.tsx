import { Tooltip } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { Indicator } from "@yingda/api/types";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import { Change } from "../change";
import type { Numbers, Rate } from "./model";
import type { BotSearch } from "./search";

type Names = ReadonlyMap<string, Indicator>;

/** The name of an indicator, with its meaning. */
export function Meaning({ indicator, words }: { indicator: Indicator | undefined; words?: string }) {
  const { language } = usePrefs();
  if (!indicator) return <span>{words}</span>;
  return (
    <Tooltip title={say(indicator.rule, language)} trigger={["hover", "focus"]} mouseEnterDelay={0.3} destroyOnHidden>
      <button type="button" className="definition">
        {words ?? say(indicator.name, language)}
      </button>
    </Tooltip>
  );
}

/** Opens the list behind a number, or behind a part of it. */
export function Opens({
  open,
  by,
  part,
  label,
  className = "",
  children,
}: {
  open: string;
  by?: BotSearch["by"];
  part?: string;
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link
      to="/reports/bot"
      search={(now) => {
        const { by: _by, part: _part, ...rest } = now as BotSearch;
        return { ...rest, open, ...(by ? { by, part } : {}) };
      }}
      className={`num ${className}`}
      aria-label={label}
      aria-current={undefined}
      activeProps={{}}
    >
      {children}
    </Link>
  );
}

/** A count with its name, at the head of a card. */
export function Numbered({ open, numbers, names }: { open: string; numbers: Numbers; names: Names }) {
  const { language } = usePrefs();
  return (
    <span className="t3 s2">
      {say(names.get(open)?.name, language)} <Opens open={open}>{count(numbers.get(open)?.now ?? 0, language)}</Opens>
    </span>
  );
}

/** Shares, each with the list behind it and its change. */
export function Rates({
  name,
  rates,
  numbers,
  names,
  children,
}: {
  name: "answering" | "resolving";
  rates: readonly Rate[];
  numbers: Numbers;
  names: Names;
  children: ReactNode;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  return (
    <section className="card bot-card bot-half" aria-labelledby={`bot-${name}`}>
      <header>
        <h2 id={`bot-${name}`}>{t(name)}</h2>
        <span className="end">{children}</span>
      </header>
      <dl className="bot-rates">
        {rates.map(({ key, behind, rise }) => {
          const { now = null, before = null } = numbers.get(key) ?? {};
          const called = say(names.get(key)?.name, language) || key;
          return (
            <div key={key}>
              <dt>
                <Meaning indicator={names.get(key)} words={called} />
              </dt>
              <dd>
                <Opens open={behind} className="bot-value" label={`${called} ${percent(now, language)}`}>
                  {percent(now, language)}
                </Opens>
                <span className="s1 t3 n">
                  {count(numbers.get(behind)?.now ?? 0, language)}{" "}
                  {before !== null && <Change measure={{ rise, unit: "ratio" }} now={now} before={before} />}
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

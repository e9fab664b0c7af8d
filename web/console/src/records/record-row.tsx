import { Link } from "@tanstack/react-router";
import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { RecordLine } from "./line";
import type { RecordFilter } from "./search";
import { RecordTimes } from "./times";

interface RecordRowProps {
  one: Schema<"RecordView">;
  /** What is searched for; it stays in the address. */
  filter: RecordFilter;
  isOpen: boolean;
  /** The one row that Tab reaches. */
  tab: boolean;
}

/** A conversation that was found: whose it is, when it was, who served it, the line that was found with its neighbours, and how it went. */
export function RecordRow({ one, filter, isOpen, tab }: RecordRowProps) {
  const { t } = useTranslation("records");
  const { t: desk } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const name = useNameOf()(one.customer);
  const title = useTitleOf()(one);
  const { found } = one;
  return (
    <li className={isOpen ? "record record-open" : "record"} data-id={one.id}>
      <Link
        className="record-link"
        to="/records"
        search={{ ...filter, open: one.id, ...(found ? { note: found.line.seq } : {}) }}
        replace
        tabIndex={tab ? 0 : -1}
        aria-current={isOpen ? "true" : undefined}
        activeProps={{}}
      >
        <span className="row wrap record-head">
          <b className="el" dir="auto">
            {title}
          </b>
          <time className="s2 t3" dateTime={new Date(one.created_at).toISOString()}>
            {dayAndTime(one.created_at, me.time_zone)}
          </time>
          <span className="tag">{desk(`standing.${one.state as "active"}`)}</span>
          {one.agent && (
            <span className="tag line el">
              <bdi>{one.agent.name}</bdi>
            </span>
          )}
          {one.queue && (
            <span className="tag line el" dir="auto">
              {say(one.queue.name, language)}
            </span>
          )}
        </span>
        {found ? (
          <span className="record-lines">
            {found.before.map((line) => (
              <RecordLine key={line.seq} line={line} customer={name} isFound={false} />
            ))}
            <RecordLine line={found.line} customer={name} isFound />
            {found.after.map((line) => (
              <RecordLine key={line.seq} line={line} customer={name} isFound={false} />
            ))}
          </span>
        ) : (
          <span className="t3 el" dir="auto">
            {one.preview?.text ?? t("nothing_said")}
          </span>
        )}
      </Link>
      <RecordTimes of={one} />
    </li>
  );
}

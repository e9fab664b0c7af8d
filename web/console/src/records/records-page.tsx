import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { Listed } from "../lib/listed";
import { LoadingRows } from "../lib/loading";
import { Page } from "../lib/page";
import { useNameOf } from "../lib/people";
import { SaveMenu } from "../lib/save-menu";
import { SearchField } from "../lib/search-field";
import { may, useMe } from "../lib/session";
import { useRoving } from "../lib/use-held-list";
import { useTyped } from "../lib/use-typed";
import { useWide } from "../lib/use-wide";
import { exportUrl, filterOf, records } from "./queries";
import { Reader } from "./reader";
import { RecordFilters } from "./record-filters";
import { RecordRow } from "./record-row";
import type { RecordFilter } from "./search";
import "./records.css";

/** All conversations that the member may read, searched by what was said, by person, time and outcome; each is read beside the list. */
export function RecordsPage() {
  const { t } = useTranslation("records");
  const me = useMe();
  const nameOf = useNameOf();
  const navigate = useNavigate({ from: "/records" });
  const search = useSearch({ from: "/inside/records" });
  const filter = filterOf(search);
  const found = useInfiniteQuery(records(filter));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const index = found.data?.pages.at(-1)?.index;
  const wide = useWide();
  const box = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const open = search.open ?? null;
  const { stop, walk, onFocus, onKeyDown } = useRoving(
    box,
    rows.map(({ id }) => id),
    open,
  );
  const show = (change: RecordFilter) =>
    void navigate({
      // Several may be chosen before the first has gone into the address.
      search: (now) =>
        Object.fromEntries(
          Object.entries({ ...filterOf(now), ...change }).filter(([, value]) => value !== undefined && value !== ""),
        ) as RecordFilter,
      replace: true,
    });
  const read = (id: string | null) => {
    const line = rows.find((one) => one.id === id)?.found?.line.seq;
    const shown = id === null ? {} : { open: id, ...(line === undefined ? {} : { note: line }) };
    void navigate({ search: { ...filter, ...shown }, replace: true });
  };
  const [words, setWords] = useTyped(search.q ?? "", (q) => show({ q }));
  const step = (by: 1 | -1) => () => {
    const id = walk(by);
    if (id !== null && open !== null) read(id);
  };
  useKeys({
    "/": () => field.current?.focus(),
    KeyJ: step(1),
    KeyK: step(-1),
    Escape: () => {
      if (open !== null) read(null);
    },
  });
  const clear = () => {
    setWords("");
    void navigate({ search: {}, replace: true });
  };
  const list = (
    <Page
      title={t("title")}
      about={t("about")}
      acts={
        may(me, "records.export") &&
        rows.length > 0 &&
        // A file would lack what is not indexed yet.
        (filter.q === undefined || index?.is_complete) && (
          <SaveMenu
            word={t("export")}
            about={t("export.what")}
            files={(["csv", "ndjson"] as const).map((format) => [t(`export.${format}`), exportUrl(format, filter)])}
          />
        )
      }
    >
      <div className="row wrap record-filters" role="search">
        <SearchField
          className="record-words"
          label={t("field.words")}
          shortcut="/"
          box={field}
          value={words}
          onChange={setWords}
        />
        <RecordFilters of={filter} onChange={show} />
        {filter.customer !== undefined && (
          <span className="tag">
            <bdi>{rows[0] ? t("customer.of", { name: nameOf(rows[0].customer) }) : t("customer")}</bdi>
            <button type="button" className="ib" aria-label={t("customer.all")} onClick={() => show({ customer: "" })}>
              <Icon name="close" />
            </button>
          </span>
        )}
      </div>
      {index?.is_complete === false && (
        <p className="notice" role="status">
          {index.read_until === null
            ? t("index.begins")
            : t("index.until", { time: dayAndTime(index.read_until, me.time_zone) })}
        </p>
      )}
      <Listed
        of={found}
        rows={rows}
        loading={<LoadingRows rows={8} />}
        empty={
          Object.keys(filter).length === 0 ? (
            <p>{t("none")}</p>
          ) : (
            <>
              <p>{t(found.hasNextPage ? "none.yet" : "none.found")}</p>
              <Button onClick={clear}>{t("clear")}</Button>
            </>
          )
        }
      >
        <ol
          className="record-list card"
          ref={box}
          aria-busy={found.isPlaceholderData}
          onFocus={onFocus}
          onKeyDown={onKeyDown}
        >
          {rows.map((one) => (
            <RecordRow key={one.id} one={one} filter={filter} isOpen={one.id === open} tab={one.id === stop} />
          ))}
        </ol>
      </Listed>
    </Page>
  );
  const reader = open !== null && <Reader key={open} id={open} onClose={() => read(null)} />;
  // If there is no room beside the list, the conversation stands in its place.
  return (
    <div className={reader && wide ? "records records-reading" : "records"}>
      {(wide || !reader) && list}
      {reader}
    </div>
  );
}

import { Button, Tooltip } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { scoresOf } from "@yingda/api/rating";
import type { Indicator, IndicatorKey, IndicatorTarget, Panel } from "@yingda/api/types";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { serverNow, useNow } from "../lib/clock";
import { download } from "../lib/download";
import { Failed } from "../lib/failed";
import { clock, count, decimal, hourMinute, nothing, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { Page } from "../lib/page";
import { LoadingCards } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { useStore } from "../lib/store";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useLive } from "../live/context";
import { urgency } from "../live/lists";
import type { PanelSearch, PanelWindow } from "./search";
import { Change } from "./change";
import { BehindDrawer } from "./drawer";
import { Lines } from "./lines";
import {
  csv,
  freshness,
  funnelOf,
  indicatorMap,
  misses,
  signs,
  tables,
  valuesOf,
  type Axis,
  type Table as Measures,
} from "./model";
import { AgentsDrawer } from "./agents-drawer";
import { behind, behindRange, firstPanel, indicators } from "./queries";
import { Radar } from "./radar";
import { Ring } from "./ring";
import { Sparkline } from "./sparkline";
import "./panel.css";

/** The age of the numbers, measured against the server's clock. */
function Freshness({ panel }: { panel: Panel }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  useNow(500);
  const age = Math.max(0, serverNow() - panel.as_of);
  const level = freshness(age);
  return (
    <span className={`fresh fresh-${level}`} title={t("fresh.title")}>
      {level === "stopped"
        ? t("fresh.stopped", { time: hourMinute(panel.as_of, panel.time_zone) })
        : t("fresh.age", { age: decimal(age / 1000, language) })}
    </span>
  );
}

/** A number with a link to the list behind it. */
function Door({
  open,
  from,
  queue,
  className,
  children,
  label,
}: {
  open: string;
  from?: number;
  queue?: string;
  className?: string;
  children: ReactNode;
  label?: string;
}) {
  return (
    <Link
      to="/floor/live"
      search={(now) => {
        const { queue: _queue, ...rest } = now as PanelSearch;
        return {
          ...rest,
          open,
          ...(from === undefined ? {} : { from }),
          ...(queue === undefined ? {} : { queue }),
        };
      }}
      className={className ? `num ${className}` : "num"}
      aria-label={label}
      aria-current={undefined}
      activeProps={{}}
    >
      {children}
    </Link>
  );
}

function Name({
  indicator,
  words,
}: {
  indicator: Indicator | undefined;
  /** A text that replaces its own name. */
  words?: string;
}) {
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

/** A part of a whole as a bar and as a number. */
function Share({ name, of, ratio }: { name: string; of: IndicatorKey; ratio: number | null }) {
  const { language } = usePrefs();
  return (
    <span className="share" title={name}>
      <span className="sr">{name} </span>
      <span className="share-bar" aria-hidden="true">
        <i className={`share-${of}`} style={{ inlineSize: `${(ratio ?? 0) * 100}%` }} />
      </span>
      <Door open={of} className="t2 s2" label={`${name} ${percent(ratio, language, 0)}`}>
        {percent(ratio, language, 0)}
      </Door>
    </span>
  );
}

function Dimension({
  table,
  panel,
  window,
  names,
}: {
  table: Measures;
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const values = valuesOf(panel, window);
  return (
    <section className="card dimension" aria-labelledby={`table-${table.name}`}>
      <header>
        <h2 id={`table-${table.name}`}>{t(`table.${table.name}`)}</h2>
        <span className="t3 s1 end">{window === "today" ? t("against_both") : t("window.last_60")}</span>
      </header>
      <table aria-labelledby={`table-${table.name}`}>
        <thead className="sr">
          <tr>
            <th scope="col">{t("column.name")}</th>
            <td />
            <th scope="col">{t("column.value")}</th>
            <th scope="col">{t("against_both")}</th>
          </tr>
        </thead>
        <tbody>
          {table.measures.map((measure) => (
            <tr key={measure.key}>
              <th scope="row">
                <Name indicator={names.get(measure.key)} />
              </th>
              <td className="dimension-line">
                {measure.series ? (
                  <Sparkline values={panel.minutes[measure.series]} />
                ) : (
                  measure.ratio && (
                    <Share
                      name={say(names.get(measure.ratio)?.name, language)}
                      of={measure.key}
                      ratio={values[measure.ratio]}
                    />
                  )
                )}
              </td>
              <td className="r">
                <Door open={measure.key} className="dimension-value">
                  {count(values[measure.key], language)}
                </Door>
              </td>
              <td className="r s2">
                {window === "today" && (
                  <>
                    <Change measure={measure} now={panel.today[measure.key]} before={panel.yesterday[measure.key]} />
                    <span className="dimension-week s1 t3">
                      {t("week")}{" "}
                      <Change measure={measure} now={panel.today[measure.key]} before={panel.last_week[measure.key]} />
                    </span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NowStrip({ panel }: { panel: Panel }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const now = useNow();
  const { now: state } = panel;
  const waited = state.longest_wait_since === null ? null : now - state.longest_wait_since;
  const level = waited === null ? "calm" : urgency(waited);
  return (
    <section className="card now-strip" aria-label={t("now.label")}>
      <dl>
        <div>
          <dt>{t("now.waiting")}</dt>
          <dd>
            <Door open="waiting" className={level === "late" ? "hot" : undefined}>
              {count(state.waiting, language)}
            </Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.longest")}</dt>
          <dd className={level === "late" ? "hot" : level === "soon" ? "warn" : undefined}>
            {waited === null ? t("now.nobody") : <Door open="waiting">{clock(waited)}</Door>}
          </dd>
        </div>
        <div>
          <dt>{t("now.active")}</dt>
          <dd>
            <Door open="active">{count(state.active, language)}</Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.bot")}</dt>
          <dd className="botc">
            <Door open="bot">{count(state.bot, language)}</Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.agents")}</dt>
          <dd>
            <Door open="agents">{count(state.agents_available, language)}</Door>
            <span className="t3 s2 plain"> / {count(state.agents_online, language)}</span>
          </dd>
        </div>
        <div>
          <dt>{t("now.slots")}</dt>
          <dd>
            <Door open="agents" label={t("now.slots_door", { used: state.slots_used, slots: state.slots })}>
              {count(state.slots_used, language)}
            </Door>
            <span className="t3 s2 plain"> / {count(state.slots, language)}</span>
          </dd>
        </div>
        <div>
          <dt>{t("now.visitors")}</dt>
          <dd>{count(state.visitors_online, language)}</dd>
        </div>
      </dl>
    </section>
  );
}

/** How far sessions got: four steps, each with a link to its list and its share of the previous one. */
function Funnel({
  panel,
  window,
  names,
}: {
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  return (
    <section className="card funnel" aria-labelledby="funnel">
      <header>
        <h2 id="funnel">{t("funnel.title")}</h2>
        <span className="t3 s1 end">{t("funnel.aside")}</span>
      </header>
      <ol>
        {funnelOf(valuesOf(panel, window)).map((step) => (
          <li key={step.key}>
            <span className="row">
              <span className="grow">
                <Name indicator={names.get(step.key)} words={say(names.get(step.key)?.name, language) || step.key} />
              </span>
              <Door open={step.key} className="dimension-value">
                {count(step.value, language)}
              </Door>
              <span className="funnel-share n t2 s2">
                {step.share !== null && (
                  <>
                    <span className="sr">{t("funnel.share")} </span>
                    <Door open={step.key}>{percent(step.share, language, 0)}</Door>
                  </>
                )}
              </span>
            </span>
            <span className="funnel-bar" aria-hidden="true">
              <i style={{ inlineSize: `${step.length * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The load of each queue: who waits, how soon customers were answered today, and how much capacity those who serve it have. */
function Loads({ panel, target }: { panel: Panel; target: IndicatorTarget | null }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const now = useNow();
  const rows = [...panel.queues].sort((one, other) => other.waiting - one.waiting);
  return (
    <section className="card loads" aria-labelledby="loads">
      <header>
        <h2 id="loads">{t("loads.title")}</h2>
        {target && (
          <span className="t3 s1 end">{t("loads.target", { share: percent(target.value, language, 0) })}</span>
        )}
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="loads">
        <table aria-labelledby="loads">
          <thead>
            <tr>
              <th scope="col">{t("loads.queue")}</th>
              <th scope="col" className="r">
                {t("now.waiting")}
              </th>
              <th scope="col" className="r">
                {t("now.longest")}
              </th>
              <th scope="col" colSpan={2}>
                {t("loads.level")}
              </th>
              <th scope="col" colSpan={2}>
                {t("now.slots")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((queue) => {
              const waited = queue.longest_wait_since === null ? null : now - queue.longest_wait_since;
              const level = waited === null ? "calm" : urgency(waited);
              const low = misses(queue.service_level, target);
              return (
                <tr key={queue.id}>
                  <th scope="row">{say(queue.name, language)}</th>
                  <td className="r">
                    <Link to="/inbox/queues" search={{ queue: queue.id }} className="num">
                      {count(queue.waiting, language)}
                    </Link>
                  </td>
                  <td className={level === "late" ? "r n hot" : level === "soon" ? "r n warn" : "r n"}>
                    {waited === null ? nothing : clock(waited)}
                  </td>
                  <td className="load-bar">
                    <span className="load-level" aria-hidden="true">
                      <i
                        className={low ? "load-low" : undefined}
                        style={{ inlineSize: `${(queue.service_level ?? 0) * 100}%` }}
                      />
                      {target && <u style={{ insetInlineStart: `${target.value * 100}%` }} />}
                    </span>
                  </td>
                  <td className={low ? "r n hot" : "r n"}>
                    {queue.service_level === null ? (
                      <span className="t3 s2">{t("loads.none")}</span>
                    ) : (
                      <Door
                        open="answered_in_time"
                        queue={queue.id}
                        label={`${say(queue.name, language)} ${percent(queue.service_level, language, 0)}`}
                      >
                        {percent(queue.service_level, language, 0)}
                      </Door>
                    )}
                  </td>
                  <td className="load-bar">
                    <span className="load-level load-slots" aria-hidden="true">
                      <i
                        style={{
                          inlineSize: `${queue.slots === 0 ? 0 : Math.min(1, queue.slots_used / queue.slots) * 100}%`,
                        }}
                      />
                    </span>
                  </td>
                  <td className="r n">
                    <Door open="agents" label={`${say(queue.name, language)} ${queue.slots_used} / ${queue.slots}`}>
                      {count(queue.slots_used, language)}
                    </Door>{" "}
                    / {count(queue.slots, language)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Plot({
  name,
  title,
  aside,
  table,
  asTable,
  onToggle,
  children,
}: {
  name: string;
  title: string;
  aside?: ReactNode;
  table: ReactNode;
  asTable: boolean;
  onToggle(): void;
  children: ReactNode;
}) {
  const { t } = useTranslation("panel");
  return (
    <section className={`card plot-card plot-card-${name}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end t3 s1">{aside}</span>
        <button
          type="button"
          className="ib s"
          aria-pressed={asTable}
          aria-label={t("as_table", { name: title })}
          title={t("as_table", { name: title })}
          onClick={onToggle}
        >
          <Icon name="table" />
        </button>
      </header>
      {asTable ? table : children}
    </section>
  );
}

/** The signs of the radar as a table: what each is a part of, and its target. */
function SignTable({
  title,
  axes,
  panel,
  values,
  names,
}: {
  title: string;
  axes: readonly Axis[];
  panel: Panel;
  values: ReturnType<typeof valuesOf>;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const rows = axes.flatMap((axis, index) => {
    const sign = signs[index];
    return sign ? [{ axis, sign }] : [];
  });
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      id: "name",
      title: t("column.name"),
      isHeading: true,
      cell: ({ axis: { key } }) => (
        <Name indicator={names.get(key)} words={say(names.get(key)?.name, language) || key} />
      ),
    },
    {
      id: "of",
      title: t("column.of"),
      align: "end",
      className: "nowrap",
      cell: ({ sign }) =>
        sign.key === "utilisation" ? (
          <>
            <Door open="agents">{count(panel.now.slots_used, language)}</Door> / {count(panel.now.slots, language)}
          </>
        ) : (
          <>
            <Door open={sign.part}>{count(values[sign.part], language)}</Door> /{" "}
            <Door open={sign.whole}>{count(values[sign.whole], language)}</Door>
          </>
        ),
    },
    {
      id: "value",
      title: t("column.value"),
      align: "end",
      className: ({ axis }) => (misses(axis.value, axis.target) ? "hot b" : undefined),
      cell: ({ axis, sign }) => (
        <Door open={sign.key === "utilisation" ? "agents" : sign.part}>{percent(axis.value, language, 0)}</Door>
      ),
    },
    {
      id: "target",
      title: t("column.target"),
      align: "end",
      className: "nowrap t3",
      cell: ({ axis: { target } }) =>
        target ? t(`target.${target.direction}`, { share: percent(target.value, language, 0) }) : t("nothing"),
    },
  ];
  return (
    <Table
      label={title}
      form="values"
      className="plot-table"
      columns={columns}
      rows={rows}
      keyOf={({ axis }) => axis.key}
    />
  );
}

/** What is listed as it is now. */
const isStanding = (open: string) => open === "waiting" || open === "active" || open === "bot";

const plotted = ["session_created", "session_transferred", "no_answer", "session_rated"] as const;
const measureOf = (key: IndicatorKey) =>
  tables.flatMap((table) => table.measures).find((measure) => measure.key === key)!;
const ratings = [
  ["rating_good", "good_ratio"],
  ["rating_mid", "mid_ratio"],
  ["rating_poor", "poor_ratio"],
] as const;

function Board({ panel, names }: { panel: Panel; names: ReadonlyMap<string, Indicator> }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const navigate = useNavigate();
  const { window = "today", open = "", from, queue } = useSearch({ from: "/inside/floor/live" });
  const [asTable, setAsTable] = useState<ReadonlySet<string>>(new Set());
  const values = valuesOf(panel, window);
  const nameOf = (key: string) => say(names.get(key)?.name, language) || key;
  const show = (next: PanelWindow) =>
    void navigate({ to: "/floor/live", search: next === "today" ? {} : { window: next }, replace: true });
  const toggle = (name: string) =>
    setAsTable((before) => new Set(before.has(name) ? [...before].filter((one) => one !== name) : [...before, name]));
  const toggleAll = () => setAsTable((before) => (before.size > 0 ? new Set() : new Set(["lines", "radar", "ring"])));
  const save = () => {
    const head = [
      t("csv.table"),
      t("csv.key"),
      t("column.name"),
      t("column.value"),
      ...(window === "today" ? [t("csv.yesterday"), t("csv.last_week")] : []),
      t("csv.window"),
      t("csv.as_of"),
    ];
    const rows = tables.flatMap((table) =>
      table.measures.flatMap((measure) =>
        [measure.key, ...(measure.ratio ? [measure.ratio] : [])].map((key) => [
          t(`table.${table.name}`),
          key,
          nameOf(key),
          values[key],
          ...(window === "today" ? [panel.yesterday[key], panel.last_week[key]] : []),
          window === "today" ? panel.window.day : t("window.last_60"),
          new Date(panel.as_of).toISOString(),
        ]),
      ),
    );
    download(
      `yingda-${panel.window.day}-${window}.csv`,
      new Blob([csv([head, ...rows])], { type: "text/csv;charset=utf-8" }),
    );
  };
  useKeys({
    t: () => show(window === "today" ? "last_60" : "today"),
    v: toggleAll,
    c: save,
    w: () => void navigate({ to: "/floor/wall" }),
  });
  const caption =
    from !== undefined
      ? t("behind.minute", { time: hourMinute(from, panel.time_zone) })
      : isStanding(open)
        ? t("behind.now")
        : t(`window.${window}`);

  const close = () => void navigate({ to: "/floor/live", search: window === "today" ? {} : { window } });
  const nextMinute = (Math.floor(panel.as_of / 60_000) + 1) * 60_000;
  const queueName = say(panel.queues.find((one) => one.id === queue)?.name, language);

  const series = plotted.map((key) => ({ key, name: t(`series.${key}`), values: panel.minutes[key] }));
  const axes = signs.map(
    ({ key }): Axis => ({
      key,
      name: t(`sign.${key}`),
      value: key === "utilisation" ? panel.now.utilisation : values[key],
      target: names.get(key)?.target ?? null,
    }),
  );
  const rated = values.session_rated ?? 0;
  const minute = (index: number) => panel.minutes.from + index * 60_000;
  return (
    <>
      <Page
        title={t("title")}
        about={<Freshness panel={panel} />}
        acts={
          <>
            <Choice
              label={t("window.label")}
              value={window}
              options={(["today", "last_60"] as const).map((value) => ({ value, word: t(`window.${value}`) }))}
              onChange={show}
            />
            <Button onClick={save}>
              <Icon name="download" />
              {t("csv.save")}
            </Button>
          </>
        }
        className="board"
      >
        <NowStrip panel={panel} />
        {tables
          .filter((table) => table.name !== "rating")
          .map((table) => (
            <Dimension key={table.name} table={table} panel={panel} window={window} names={names} />
          ))}
        <Plot
          name="lines"
          title={t("lines.title")}
          aside={t("lines.click")}
          asTable={asTable.has("lines")}
          onToggle={() => toggle("lines")}
          table={
            <Table
              label={t("lines.title")}
              form="values"
              className="plot-table"
              columns={[
                {
                  id: "minute",
                  title: t("lines.minute"),
                  isHeading: true,
                  cell: (index) => hourMinute(minute(index), panel.time_zone),
                },
                ...series.map(
                  (one): Column<number> => ({
                    id: one.key,
                    title: one.name,
                    align: "end",
                    cell: (index) => count(one.values[index], language),
                  }),
                ),
              ]}
              rows={[...panel.minutes.session_created.keys()].reverse()}
              keyOf={String}
            />
          }
        >
          <Lines
            series={series}
            from={panel.minutes.from}
            zone={panel.time_zone}
            onMinute={(at) =>
              void navigate({ to: "/floor/live", search: (now) => ({ ...now, open: "session_created", from: at }) })
            }
          />
        </Plot>
        <Plot
          name="radar"
          title={t("radar.title")}
          aside={t("radar.aside")}
          asTable={asTable.has("radar")}
          onToggle={() => toggle("radar")}
          table={<SignTable title={t("radar.title")} axes={axes} panel={panel} values={values} names={names} />}
        >
          <Radar axes={axes} />
        </Plot>
        <Plot
          name="ring"
          title={t("ring.title")}
          asTable={asTable.has("ring")}
          onToggle={() => toggle("ring")}
          aside={
            <span>
              {t("ring.rated")} <Door open="session_rated">{count(rated, language)}</Door> /{" "}
              {count(values.session_used, language)}
            </span>
          }
          table={
            <div className="plot-table table-values scroll" tabIndex={0} role="group" aria-label={t("ring.title")}>
              <table>
                <tbody>
                  {ratings.map(([key, ratio]) => (
                    <tr key={key}>
                      <th scope="row">{t(`ring.${key}`, scoresOf[key])}</th>
                      <td className="r">
                        <Door open={key}>{count(values[key], language)}</Door>
                      </td>
                      <td className="r">
                        <Door open={key} label={`${nameOf(ratio)} ${percent(values[ratio], language)}`}>
                          {percent(values[ratio], language)}
                        </Door>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          }
        >
          <Ring parts={ratings.map(([key]) => values[key] ?? 0)} goodRatio={values.good_ratio} window={window}>
            <table className="ring-legend">
              <tbody>
                {ratings.map(([key, ratio], index) => (
                  <tr key={key}>
                    <th scope="row">
                      <i className={`ring-key ring-key-${index + 1}`} />
                      <Name indicator={names.get(key)} words={t(`ring.${key}`, scoresOf[key])} />
                    </th>
                    <td className="r">
                      <Door open={key}>{count(values[key], language)}</Door>
                    </td>
                    <td className="r t3">
                      <Door open={key} label={`${nameOf(ratio)} ${percent(values[ratio], language)}`}>
                        {percent(values[ratio], language)}
                      </Door>
                    </td>
                    {window === "today" && (
                      <td className="r">
                        <Change measure={measureOf(key)} now={panel.today[key]} before={panel.yesterday[key]} />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Ring>
        </Plot>
        <Funnel panel={panel} window={window} names={names} />
        <Loads panel={panel} target={names.get("service_level")?.target ?? null} />
      </Page>
      <AgentsDrawer open={open === "agents"} onClose={close} />
      <BehindDrawer
        indicator={names.get(open)}
        open={open === "agents" ? "" : open}
        pages={
          queue === undefined
            ? behind(open, from === undefined ? window : "minute", from)
            : behindRange(open, panel.window.from, nextMinute, "queue", queue)
        }
        caption={queue === undefined ? caption : [queueName, t("window.today")].filter(Boolean).join(" · ")}
        zone={panel.time_zone}
        onClose={close}
      />
    </>
  );
}

export function PanelPage() {
  const { t } = useTranslation("panel");
  const live = useLive();
  const pushed = useStore(live.panel);
  const first = useQuery(firstPanel);
  const { data: definitions } = useQuery(indicators);
  useEffect(() => {
    live.followPanel(true);
    return () => live.followPanel(false);
  }, [live]);
  const panel = pushed && (!first.data || pushed.value.as_of >= first.data.as_of) ? pushed.value : first.data;
  if (!panel)
    return (
      <Page title={t("title")}>
        <Failed of={first} />
        {first.isPending && <LoadingCards cards={6} lines={4} className="board board-loading" card="card" />}
      </Page>
    );
  return <Board panel={panel} names={indicatorMap(definitions)} />;
}

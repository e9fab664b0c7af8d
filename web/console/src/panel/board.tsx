import { Button } from "@yingda/antd";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Indicator, Panel } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { hourMinute } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { Page } from "../lib/page";
import { usePrefs } from "../lib/prefs";
import { AgentsDrawer, isAgentList } from "./agents-drawer";
import { Dimension } from "./dimension";
import { BehindDrawer } from "./drawer";
import { Freshness } from "./freshness";
import { Funnel } from "./funnel";
import { LinesCard } from "./lines-card";
import { Loads } from "./loads";
import { tables } from "./model";
import { NowStrip } from "./now-strip";
import { behind, behindRange } from "./queries";
import { UnknownDrawer } from "./unknown-drawer";
import { RadarCard } from "./radar-card";
import { RingCard } from "./ring-card";
import type { PanelWindow } from "./search";
import { useSave } from "./use-save";

/** What is listed as it is now. */
const isStanding = (open: string) => open === "waiting" || open === "active" || open === "bot";

/** What is going on now, and what happened today or in the last hour; every number leads to what is behind it. */
export function Board({ panel, names }: { panel: Panel; names: ReadonlyMap<string, Indicator> }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const navigate = useNavigate();
  const { window = "today", open = "", from, queue } = useSearch({ from: "/inside/floor/live" });
  const [asTable, setAsTable] = useState<ReadonlySet<string>>(new Set());
  const nameOf = (key: string) => say(names.get(key)?.name, language) || key;
  const show = (next: PanelWindow) =>
    void navigate({ to: "/floor/live", search: next === "today" ? {} : { window: next }, replace: true });
  const toggle = (name: string) =>
    setAsTable((before) => new Set(before.has(name) ? [...before].filter((one) => one !== name) : [...before, name]));
  const shown = (name: string) => ({ asTable: asTable.has(name), onToggle: () => toggle(name) });
  const toggleAll = () => setAsTable((before) => (before.size > 0 ? new Set() : new Set(["lines", "radar", "ring"])));
  const save = useSave(panel, window, nameOf);
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
  const isListed = isStanding(open) || names.has(open);
  /** The address names no number that there is. */
  const isUnknown = open !== "" && names.size > 0 && !isListed && !isAgentList(open);
  const queueName = say(panel.queues.find((one) => one.id === queue)?.name, language);

  return (
    <>
      <Page
        data-tour="live"
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
        <NowStrip panel={panel} target={names.get("service_level")?.target ?? null} />
        {tables
          .filter((table) => table.name !== "rating")
          .map((table) => (
            <Dimension key={table.name} table={table} panel={panel} window={window} names={names} />
          ))}
        <LinesCard
          panel={panel}
          {...shown("lines")}
          onMinute={(at) =>
            void navigate({ to: "/floor/live", search: (now) => ({ ...now, open: "session_created", from: at }) })
          }
        />
        <RadarCard panel={panel} window={window} names={names} {...shown("radar")} />
        <RingCard panel={panel} window={window} names={names} {...shown("ring")} />
        <Funnel panel={panel} window={window} names={names} />
        <Loads panel={panel} target={names.get("service_level")?.target ?? null} />
      </Page>
      <AgentsDrawer which={isAgentList(open) ? open : null} onClose={close} />
      <BehindDrawer
        indicator={names.get(open)}
        open={isListed ? open : ""}
        pages={
          queue === undefined
            ? behind(open, from === undefined ? window : "minute", from)
            : behindRange(open, panel.window.from, nextMinute, "queue", queue)
        }
        caption={queue === undefined ? caption : [queueName, t("window.today")].filter(Boolean).join(" · ")}
        zone={panel.time_zone}
        onClose={close}
      />
      <UnknownDrawer open={isUnknown ? open : ""} names={names} onClose={close} />
    </>
  );
}

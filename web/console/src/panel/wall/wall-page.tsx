import { useNavigate, useSearch } from "@tanstack/react-router";
import { call, type Problem } from "@yingda/api/client";
import { pressed, signPressed } from "@yingda/api/keys";
import type { Wall } from "@yingda/api/types";
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { count, decimal, hourMinute } from "../../lib/format";
import { say, speak } from "../../lib/i18n";
import { showLook, usePrefs, useTheme } from "../../lib/prefs";
import { isProblem, useProblemText } from "../../lib/problem";
import { useTitle } from "../../lib/use-title";
import { Mark } from "../../shell/mark";
import { scaleOf } from "../model";
import { agentShapes, alarmsOf, atWork, levelOf, linesOf, oldAfterMs, smooth, wait, widthOf } from "./model";
import type { AgentShape } from "./model";
import "./wall.css";

/** How often the wall is read, in milliseconds. */
const everyMs = 1000;
/** How long the pointer is shown after a move, in milliseconds. */
const pointerMs = 3000;
/** The number of lines there is room for. */
const room = 5;

interface Read {
  wall: Wall;
  /** When it arrived, by this machine's clock. */
  at: number;
}
type State = {
  read: Read | null;
  /** Why it shows nothing: the link has expired, or the signed-in member may not see it. */
  closed: "link" | "rights" | null;
};

/** Reads the wall every second: with a link's secret, or as the signed-in member. */
function useWall(token: string): State {
  const [state, setState] = useState<State>({ read: null, closed: null });
  useEffect(() => {
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        const wall = await call("GET", "/wall", {
          signal: stopped.signal,
          headers: token ? { Authorization: `Bearer ${token}` } : {},
        });
        setState({ read: { wall, at: Date.now() }, closed: null });
      } catch (error) {
        if (stopped.signal.aborted) return;
        const status = isProblem(error) ? (error as Problem).status : 0;
        if (status === 401 || status === 403) setState({ read: null, closed: status === 403 ? "rights" : "link" });
      }
      timer = setTimeout(() => void read(), everyMs);
    };
    void read();
    return () => {
      stopped.abort();
      clearTimeout(timer);
    };
  }, [token]);
  return state;
}

/** Keeps the screen from sleeping while the page is visible. */
function useAwake() {
  useEffect(() => {
    let held: WakeLockSentinel | null = null;
    let gone = false;
    const hold = async () => {
      if (document.hidden || !("wakeLock" in navigator)) return;
      try {
        const lock = await navigator.wakeLock.request("screen");
        if (gone) await lock.release();
        else held = lock;
      } catch {
        /* refused, for example on low battery: the screen follows its own settings */
      }
    };
    const onShow = () => void hold();
    void hold();
    document.addEventListener("visibilitychange", onShow);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", onShow);
      void held?.release();
    };
  }, []);
}

/** Whether the pointer was moved recently. */
function usePointer(): boolean {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    let timer = setTimeout(() => setShown(false), pointerMs);
    const onMove = () => {
      setShown(true);
      clearTimeout(timer);
      timer = setTimeout(() => setShown(false), pointerMs);
    };
    addEventListener("pointermove", onMove);
    return () => {
      clearTimeout(timer);
      removeEventListener("pointermove", onMove);
    };
  }, []);
  return shown;
}

function useTick(period: number) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), period);
    return () => clearInterval(timer);
  }, [period]);
  return now;
}

function Tile({
  title,
  value,
  unit,
  sub,
  tone,
}: {
  title: string;
  value: string;
  unit?: string | undefined;
  sub: ReactNode;
  tone?: "hot" | "soon" | undefined;
}) {
  return (
    <section className={tone ? `wall-tile wall-${tone}` : "wall-tile"}>
      <h2>{title}</h2>
      {/* As large as the tile is wide, whatever the number of digits. */}
      <p className="wall-big" style={{ "--wide": widthOf(value, unit) } as CSSProperties}>
        {value}
        {unit && <small>{unit}</small>}
      </p>
      <p className="wall-sub">{sub}</p>
    </section>
  );
}

/** An agent's state as a shape, so that it is not conveyed by colour alone. */
function Shape({ of }: { of: AgentShape }) {
  return (
    <svg className={`wall-shape wall-shape-${of}`} viewBox="0 0 16 16" aria-hidden="true">
      {of === "available" && <circle cx="8" cy="8" r="7" />}
      {of === "full" && <rect x="1.5" y="1.5" width="13" height="13" rx="2" />}
      {of === "busy" && <path d="M8 1L15 8 8 15 1 8z" />}
      {of === "on_break" && <path d="M3 1.5h4v13H3zM9.500 1.500h4v13h-4z" />}
      {of === "unreachable" && <path d="M2 2l12 12M14 2L2 14" />}
      {of === "offline" && <circle cx="8" cy="8" r="6" />}
    </svg>
  );
}

const plotted = [
  ["session_created", 1],
  ["session_transferred", 2],
] as const;

/** The last hour, drawn for viewing from a distance: two lines with their current values beside them. */
function Hour({ wall, language }: { wall: Wall; language: "en" | "zh-CN" }) {
  const { t } = useTranslation("panel");
  const lines = plotted.map(([key, tone]) => ({
    key,
    tone,
    values: smooth(wall.minutes[key]),
    last: wall.minutes[key].reduce((sum, value) => sum + value, 0),
  }));
  const { top } = scaleOf(
    lines.flatMap((line) => line.values.map(Math.ceil)),
    2,
  );
  const y = (value: number) => 200 - (value / top) * 180;
  const x = (index: number) => 4 + (index / 59) * 392;
  return (
    <div className="wall-hour">
      <svg viewBox="0 0 400 210" preserveAspectRatio="none" aria-hidden="true">
        {[0, 0.5, 1].map((share) => (
          <line
            key={share}
            className="wall-grid"
            x1="4"
            x2="396"
            y1={y(share * top)}
            y2={y(share * top)}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {lines.map((line) => (
          <polyline
            key={line.key}
            className={`wall-line wall-line-${line.tone}`}
            points={line.values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <ul>
        {lines.map((line) => (
          <li key={line.key} className={`wall-key-${line.tone}`}>
            <span>{t(`series.${line.key}`)}</span> <b>{count(line.last, language)}</b>
          </li>
        ))}
      </ul>
      <p className="wall-times">
        <span>{hourMinute(wall.minutes.from, wall.time_zone)}</span>
        <span>{hourMinute(wall.minutes.from + 59 * 60_000, wall.time_zone)}</span>
      </p>
    </div>
  );
}

function Screen({ wall, at, language }: Read & { language: "en" | "zh-CN" }) {
  const { t } = useTranslation("panel");
  const local = useTick(500);
  const age = Math.max(0, local - at);
  const now = wall.as_of + age;
  const old = age > oldAfterMs;
  const n = (value: number) => count(value, language);
  const target = wall.target_ms;
  const waited = wall.longest_wait_since === null ? null : Math.max(0, now - wall.longest_wait_since);
  const lines = linesOf(wall, now);
  const alarms = alarmsOf(wall, waited);
  const { today } = wall;
  const ratio = today.good_ratio;
  const seconds = n(Math.round(target / 1000));
  return (
    <main className={old ? "wall wall-old" : "wall"}>
      <header>
        <Mark />
        <h1 dir="auto">{say(wall.company, language)}</h1>
        <span className="t3">{t("wall.floor")}</span>
        <span className="grow" />
        <span className={old ? "wall-age wall-age-old" : "wall-age"} role="status">
          {old
            ? t("wall.old", { time: hourMinute(wall.as_of, wall.time_zone) })
            : t("wall.live", { age: decimal(age / 1000, language) })}
        </span>
        <time>{hourMinute(now, wall.time_zone)}</time>
      </header>
      <div className="wall-top">
        <Tile
          title={t("wall.longest")}
          value={waited === null ? "–" : wait(waited)}
          tone={alarms.wait}
          sub={
            waited === null
              ? t("wall.nobody")
              : waited > target
                ? t("wall.over", { time: wait(waited - target) })
                : t("wall.within", { n: seconds })
          }
        />
        <Tile title={t("wall.waiting")} value={n(wall.waiting)} sub={t("wall.active", { n: n(wall.active) })} />
        <Tile
          title={t("wall.agents")}
          value={n(wall.agents.available)}
          tone={alarms.staff}
          sub={t("wall.at_work", { n: n(atWork(wall)) })}
        />
        <Tile
          title={t("wall.good")}
          value={ratio === null ? "–" : n(Math.round(ratio * 100))}
          unit={ratio === null ? undefined : "%"}
          sub={
            ratio === null
              ? t("wall.unrated")
              : t("wall.rated", { good: n(today.rating_good), rated: n(today.session_rated) })
          }
        />
      </div>
      <div className="wall-bottom">
        <section className="wall-tile">
          <h2>
            {t("wall.who")}
            <span className="t3 wall-aside">{t("wall.target", { n: seconds })}</span>
          </h2>
          <ul className="wall-queues">
            {lines.slice(0, room).map(({ queue, waiting, heaps, longest }, index) => (
              <li key={index}>
                <b className="wall-name" dir="auto">
                  {say(queue.name, language)}
                </b>
                <span
                  className="wall-waits"
                  role="img"
                  aria-label={t("wall.queue", { name: say(queue.name, language), n: n(waiting) })}
                >
                  {/* Waits change every second; each mark's position is its wait. */}
                  <u style={{ insetInlineStart: `${(target / 120_000) * 100}%` }} />
                  {heaps.map((heap, place) => (
                    <span key={place} className="wall-heap" style={{ insetInlineStart: `${heap.share * 100}%` }}>
                      {heap.people > 1 && <b>{n(heap.people)}</b>}
                      <i className={`wall-dot wall-dot-${heap.level}`} />
                    </span>
                  ))}
                </span>
                <span className={longest !== null && levelOf(longest, target) === "late" ? "r n b hot" : "r n"}>
                  {longest === null ? "–" : wait(longest)}
                </span>
                <span className="r n t2">{n(waiting)}</span>
              </li>
            ))}
          </ul>
          {lines.length > room && <p className="wall-sub">{t("wall.more", { n: n(lines.length - room) })}</p>}
          <ul className="wall-agents">
            {agentShapes.map((shape) => (
              <li key={shape}>
                <Shape of={shape} />
                {t(`wall.agent.${shape}`)} <b className="n">{n(wall.agents[shape])}</b>
              </li>
            ))}
          </ul>
        </section>
        <section className="wall-tile">
          <h2>{t("wall.minutes")}</h2>
          <Hour wall={wall} language={language} />
        </section>
      </div>
      <p className="wall-foot">
        <span>{t("wall.today")}</span>
        {(["session_created", "session_transferred", "no_answer"] as const).map((key) => (
          <span key={key}>
            {t(`series.${key}`)} <b className="n">{n(today[key])}</b>
          </span>
        ))}
      </p>
    </main>
  );
}

/** The wall display: readable from eight metres, nothing to click. */
export function WallPage() {
  const { t } = useTranslation("panel");
  useTitle(t("wall.title"));
  const prefs = usePrefs();
  const { lang } = useSearch({ from: "/wall" });
  const language = lang ?? prefs.language;
  const theme = useTheme(prefs.theme);
  const navigate = useNavigate();
  const [token] = useState(() => location.hash.replace(/^#/, ""));
  const { read, closed } = useWall(token);
  const text = useProblemText();
  const pointer = usePointer();
  const frame = useRef<HTMLDivElement>(null);
  useAwake();
  // Dark and in the link's language, whatever is chosen for this browser's own pages; those choices apply again when the wall is left.
  useLayoutEffect(() => showLook(language, "dark", 100));
  useLayoutEffect(() => {
    void speak(language).catch(() => undefined);
    return () => {
      showLook(prefs.language, theme, prefs.scale);
      void speak(prefs.language).catch(() => undefined);
    };
  }, [language, theme, prefs.language, prefs.scale]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (signPressed(event).toLowerCase() === "f")
        void (document.fullscreenElement
          ? document.exitFullscreen()
          : frame.current?.requestFullscreen().catch(() => undefined));
      if (pressed(event) === "Escape" && !document.fullscreenElement && token === "")
        void navigate({ to: "/floor/wall" });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, token]);
  return (
    <div ref={frame} className={pointer ? "wall-frame" : "wall-frame wall-still"}>
      {closed === "rights" ? (
        <main className="wall-closed">
          <Mark />
          <h1>{text("not_permitted")}</h1>
        </main>
      ) : closed === "link" ? (
        <main className="wall-closed">
          <Mark />
          <h1>{t("wall.closed")}</h1>
          <p>{t("wall.closed.what")}</p>
        </main>
      ) : read ? (
        <Screen {...read} language={language} />
      ) : (
        <main className="wall-closed">
          <Mark />
          <h1 className="sr">{t("wall.title")}</h1>
          <p role="status">{t("wall.starting")}</p>
        </main>
      )}
    </div>
  );
}

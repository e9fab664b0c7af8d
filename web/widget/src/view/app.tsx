import { alert, check, close, down, headset, more } from "@yingda/tokens/icons.ts";
import { askHuman, closePanel, draw, forgetful, retryNow, say, setScale, setSound, ui } from "../app";
import { h } from "../dom";
import { clock, lang, loadWords, pick, t } from "../text";
import { Composer } from "./composer";
import { ownerOf } from "./lines";
import { Face, Log } from "./log";
import { Icon, Sep, Tool } from "./parts";
import { QueueActions } from "./queue";
import { Rating, unrated } from "./rating";

/** Who answers, how they are, and the way to a person. */
function Header() {
  const { c, site, status } = ui;
  const owner = ownerOf(c.state);
  const off = status?.state === "down";
  const queued = owner === "queue";
  const ended = owner === "none";
  const who = queued ? "queue" : c.agent ? "agent" : "bot";
  const name = queued ? t("queue.title") : (c.agent?.name ?? (site ? pick(site.bot_name) : ""));
  const ahead = c.place?.ahead;
  const state = off
    ? t("link.off")
    : queued
      ? ahead
        ? [t("queue.ahead"), " ", t("queue.people", { n: ahead })]
        : c.queue
      : ended
        ? t("ended.at", { at: clock(c.entries.filter((e) => e.kind === "resolved").pop()?.at ?? Date.now()) })
        : c.agent
          ? [t("chat.agent"), <Sep />, t("agent.here")]
          : t("ai.always");
  return (
    <div class="head">
      <Face who={who} name={name} />
      <div class="grow">
        <div class="nm">
          {name}
          {who === "bot" && [<Sep />, t("chat.ai")]}
        </div>
        <div class="st">
          <i class={`dot ${off || ended ? "off" : queued ? "wait" : ""}`} />
          {state}
        </div>
      </div>
      {(owner === "bot" || ended) && (
        <button class="hum" onClick={askHuman}>
          <Icon d={headset} />
          {t("chat.human")}
        </button>
      )}
      <Tool
        d={more}
        label={t("chat.menu")}
        on={ui.menu}
        press={() => {
          ui.menu = !ui.menu;
          draw();
        }}
      />
      {!ui.hosted && <Tool d={down} label={t("chat.minimise")} press={closePanel} />}
      {ui.menu && (
        <div class="menu">
          <button aria-pressed={ui.sound} onClick={() => setSound(!ui.sound)}>
            {t("menu.sound")}
          </button>
          <button onClick={() => setScale()}>{t("menu.size", { n: ui.scale })}</button>
          <button onClick={() => void loadWords(lang === "en" ? "zh-CN" : "en").then(draw)}>{t("menu.lang")}</button>
          {c.seq && !ended && (
            <button
              onClick={() => {
                ui.menu = false;
                say({ type: "end" });
              }}
            >
              {t("menu.end")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** One banner at a time, the worst first. What the network does lies over the log, so that nothing moves; it is announced without its countdown. */
function Banner() {
  const { trouble, status } = ui;
  let kind = "";
  let act = "";
  let press: () => unknown = retryNow;
  let text = "";
  let shown = "";
  if (trouble === "load") {
    text = t("load.failed");
    act = t("load.retry");
  } else if (trouble === "upgrade_required") {
    text = t("banner.upgrade_required");
    act = t("banner.refresh");
    press = () => location.reload();
  } else if (trouble) text = t("banner.site_unknown");
  else if (status?.state === "down") {
    const n = Math.ceil(((status.retryAt ?? 0) - Date.now()) / 1000);
    kind = "over";
    text = t(status.offline ? "net.offline" : status.reached ? "net.reached" : "net.down");
    if (!status.reached) {
      shown = n > 0 ? text + t("net.in", { n }) : t("net.trying");
      act = t("net.now");
    }
  } else if (ui.back) {
    kind = "over info";
    text = t("net.back");
  } else if (forgetful()) {
    text = t("banner.storage");
    kind = "info";
  }
  return (
    <div class="net">
      <span class="sr" role="status">
        {text}
      </span>
      {text && (
        <div class={`banner ${kind}`}>
          <Icon d={ui.back ? check : alert} />
          <span aria-hidden="true">{shown || text}</span>
          {act && <button onClick={press}>{act}</button>}
        </div>
      )}
    </div>
  );
}

function Viewer({ url, name }: { url: string; name: string }) {
  const away = () => {
    ui.picture = null;
    draw();
  };
  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={name} onClick={away}>
      <img src={url} alt={name} />
      <Tool d={close} label={t("chat.close")} press={away} />
    </div>
  );
}

const Rail = () => (
  <aside>
    <h1>{ui.site && pick(ui.site.name)}</h1>
    <h2>{t("chat.who")}</h2>
    <p>
      <Face who="bot" />
      {t("who.ai")}
    </p>
    <p>
      <Face who="queue" />
      {t("who.human")}
    </p>
  </aside>
);

export function App() {
  const episode = unrated();
  return [
    ui.hosted && <Rail />,
    <div class="yd" role={ui.hosted ? "main" : "dialog"} aria-label={t("chat.panel")}>
      <a class="skip" href="#write">
        {t("chat.skip")}
      </a>
      <Header />
      <Banner />
      <Log />
      {ownerOf(ui.c.state) === "queue" && <QueueActions />}
      {episode ? <Rating episode={episode} /> : <Composer />}
    </div>,
    ui.picture && <Viewer {...ui.picture} />,
  ];
}

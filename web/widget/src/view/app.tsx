import { close, down, headset, more } from "@yingda/tokens/icons.ts";
import { Fragment, h } from "../dom";
import { askHuman, closePanel, draw, forgetful, retryNow, say, setSound, ui } from "../app";
import { toHost } from "../host";
import { set } from "../kept";
import { look } from "../look";
import { clock, lang, loadWords, pick, t } from "../text";
import { Composer } from "./composer";
import { ownerOf } from "./lines";
import { Face, Log } from "./log";
import { Icon, Sep, Tool } from "./parts";
import { QueueActions } from "./queue";
import { Rating, unrated } from "./rating";

const OFF = "M3 3l18 18M8.500 15.500a5 5 0 0 1 7 0M5.500 12.300A9 9 0 0 1 9 10M2.500 9a14 14 0 0 1 4-2.500M12.500 9.500a9 9 0 0 1 6 2.800M10.500 5.600A14 14 0 0 1 21.500 9M12 19.200v.2";
const LOCK = "M7 10.500h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zM8 10.500V8a4 4 0 0 1 8 0v2.500M12 14.500v2";
const SIZES = [100, 115, 130, 150, 200];

function Header() {
  const { c, site, status } = ui;
  const owner = ownerOf(c.state);
  const off = status?.state === "down";
  const agent = owner === "agent" || (owner === "none" && c.agent);
  const name = owner === "queue" ? t("queue.title") : agent ? (c.agent?.name ?? "") : site ? pick(site.bot_name) : "";
  const ended = [...c.entries].reverse().find((e) => e.kind === "resolved");
  const ahead = c.place?.ahead;
  const state = off
    ? t("link.off")
    : owner === "queue"
      ? ahead
        ? `${t("queue.ahead")} ${t("queue.people", { n: ahead })}`
        : (c.queue ?? t("queue.next"))
      : owner === "none"
        ? t("ended.at", { at: ended ? clock(ended.at) : "" })
        : agent
          ? [t("chat.agent"), <Sep />, t("agent.here")]
          : t("ai.always");
  return (
    <header>
      <Face who={owner === "queue" ? "queue" : agent ? "agent" : "bot"} name={name} />
      <div class="grow">
        <div class="nm">
          {name}
          {!agent && owner !== "queue" && [<Sep />, t("chat.ai")]}
        </div>
        <div class="st">
          <i class={`dot ${off || owner === "none" ? "off" : owner === "queue" ? "wait" : ""}`} />
          <span>{state}</span>
        </div>
      </div>
      {(owner === "bot" || owner === "none") && (
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
      {ui.menu && <Menu />}
    </header>
  );
}

function Menu() {
  const now = Number(document.documentElement.dataset.fontScale ?? 100);
  const size = () => {
    const scale = SIZES[(SIZES.indexOf(now) + 1) % SIZES.length] ?? 100;
    look({ scale });
    set("scale", String(scale));
    toHost({ do: "size", px: parseFloat(getComputedStyle(document.documentElement).fontSize) });
    draw();
  };
  const items: [string, () => void, boolean?][] = [
    [t("menu.sound"), () => setSound(!ui.sound), ui.sound],
    [t("menu.size", { n: now / 100 === 1 ? "100 %" : `${now} %` }), size],
    [t("menu.lang"), () => void loadWords(lang === "en" ? "zh-CN" : "en").then(draw)],
  ];
  if (ui.c.seq && ownerOf(ui.c.state) !== "none")
    items.push([
      t("menu.end"),
      () => {
        ui.menu = false;
        say({ type: "end" });
      },
    ]);
  return (
    <div class="menu">
      {items.map(([label, press, on]) => (
        <button aria-pressed={on} onClick={press}>
          {label}
        </button>
      ))}
    </div>
  );
}

/** One banner at a time, the worst first. */
function Banner() {
  const { trouble, status } = ui;
  if (trouble === "load")
    return <Strip icon={OFF} text={t("load.failed")} act={t("load.retry")} press={retryNow} />;
  if (trouble) {
    const stale = trouble === "upgrade_required";
    return <Strip icon={OFF} text={t(stale ? "banner.upgrade_required" : "banner.site_unknown")} act={stale ? t("banner.refresh") : ""} press={() => location.reload()} />;
  }
  if (status?.state === "down") {
    const wait = status.retryAt ? Math.ceil((status.retryAt - Date.now()) / 1000) : 0;
    return <Strip icon={OFF} text={wait > 0 ? t("net.in", { n: wait }) : t("net.down")} act={t("net.now")} press={retryNow} />;
  }
  return forgetful() ? <Strip icon={LOCK} kind="info" text={t("banner.storage")} /> : null;
}

function Strip(p: { icon: string; kind?: string; text: string; act?: string; press?(): void }) {
  return (
    <div class={`banner ${p.kind ?? ""}`} role="status">
      <Icon d={p.icon} />
      <span>{p.text}</span>
      {p.act && (
        <button onClick={p.press}>
          {p.act}
        </button>
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

function Rail() {
  const { site } = ui;
  return (
    <aside>
      <h1>{site ? pick(site.name) : ""}</h1>
      <h2>{t("chat.who")}</h2>
      <p>
        <Face who="bot" />
        {t("who.ai")}
      </p>
      <p>
        <Face who="queue" />
        {t("who.human")}
      </p>
      {site && <p class="meta">{pick(site.privacy_note)}</p>}
    </aside>
  );
}

export function App() {
  const episode = unrated();
  const queued = ownerOf(ui.c.state) === "queue";
  return (
    <Fragment>
      {ui.hosted && <Rail />}
      <div class="yd" role={ui.hosted ? "main" : "dialog"} aria-label={t("chat.panel")}>
        <a class="skip" href="#write">
          {t("chat.skip")}
        </a>
        <Header />
        <Banner />
        <Log />
        {queued && <QueueActions />}
        {episode ? <Rating episode={episode} /> : <Composer />}
      </div>
      {ui.picture && <Viewer {...ui.picture} />}
    </Fragment>
  );
}

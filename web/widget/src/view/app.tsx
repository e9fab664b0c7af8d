import { alert, chat, check, clock as clockIcon, down, headset, more } from "@yingda/tokens/icons.ts";
import { closePanel, forgetful, setSound } from "../app";
import { askHuman, say } from "../saying";
import { retryNow } from "../site";
import { h } from "../dom";
import { again, isOld, missing } from "../later";
import { closedText, isClosed, unrated, wasLeft } from "../leaving";
import { setScale } from "../size";
import { clock, lang, loadWords, pick, t } from "../text";
import { draw, ui } from "../ui";
import { Composer } from "./composer";
import { about, elder, files, judge, leftMessage, people, rail, recommend } from "./lazy";
import { ownerOf } from "@yingda/api/kinds";
import { Log } from "./log";
import { Face, Icon, Sep, Tool } from "./parts";
import { waitNote } from "./wait";

/** Who answers, their state, and the way to a human agent. */
function Header() {
  const { c, site, status } = ui;
  const owner = ownerOf(c.state);
  const off = status?.state === "down";
  const queued = owner === "queue";
  const ended = owner === "none";
  const who = queued ? "queue" : c.agent ? "agent" : "bot";
  const name = queued ? t("queue.title") : (c.agent?.name ?? (site ? pick(site.bot_name) : ""));
  const ahead = c.place?.staffed && c.place.ahead;
  const easy = ui.elder && elder();
  const gone = ui.trouble === "site_unknown";
  const end = c.entries.filter((e) => e.kind === "resolved").pop();
  const state = off
    ? t("link.off")
    : queued
      ? ahead
        ? t("queue.place", { n: ahead })
        : c.queue
      : ended
        ? end && wasLeft(end)
          ? t("left.waits")
          : t("ended.at", { at: clock(end?.at ?? Date.now()) })
        : c.agent
          ? [t("chat.agent"), <Sep />, t("agent.here")]
          : t("ai.always");
  return (
    <div class="head">
      <Face who={who} name={name} />
      <div class="grow">
        <div class="nm">
          <bdi>{name}</bdi>
          {who === "bot" && (
            <span>
              {name && <Sep />}
              {t(easy ? "elder.robot" : "chat.ai")}
            </span>
          )}
        </div>
        <div class="st">{!gone && [<i class={`dot ${off || ended ? "off" : queued ? "wait" : ""}`} />, state]}</div>
      </div>
      {(owner === "bot" || ended) && (
        <button class="hum" disabled={gone} onClick={askHuman}>
          <Icon d={isClosed() ? chat : headset} />
          <span>
            {t(isClosed() ? "chat.message" : easy ? "elder.human" : "chat.human")}
            <small>{waitNote()}</small>
          </span>
        </button>
      )}
      {easy
        ? easy.Tools()
        : [
            <Tool
              d={more}
              label={t("chat.menu")}
              on={ui.menu}
              press={() => {
                ui.menu = !ui.menu;
                draw();
              }}
            />,
            !ui.hosted && <Tool d={down} label={t("chat.minimise")} press={closePanel} />,
          ]}
      {ui.menu && (
        <div class="menu">
          <button aria-pressed={ui.sound} onClick={() => setSound(!ui.sound)}>
            {t("menu.sound")}
          </button>
          <button onClick={() => setScale()}>{t("menu.size", { n: ui.scale })}</button>
          <button onClick={() => void loadWords(lang === "en" ? "zh-CN" : "en").then(draw)}>{t("menu.lang")}</button>
          {recommend()?.Item()}
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

/**
 * One banner at a time, the most severe first. Banners about the network are laid
 * over the log, so that nothing moves; they are announced without their countdown.
 */
function Banner() {
  const { trouble, status } = ui;
  let kind = "";
  let icon = ui.back ? check : alert;
  let act = "";
  let press: () => unknown = retryNow;
  let text = "";
  let shown = "";
  if (trouble === "load") {
    text = t("load.failed");
    act = t("load.retry");
  } else if (trouble === "upgrade_required" || (isOld && missing() && status?.state === "live")) {
    text = t("banner.upgrade_required");
    act = t("banner.refresh");
    press = () => location.reload();
  } else if (trouble) text = t(trouble === "site_unknown" ? "banner.site_unknown" : "banner.identity_required");
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
  } else if (missing()) {
    text = t("load.part");
    act = t("load.retry");
    press = again;
  } else if (forgetful()) {
    text = t("banner.storage");
    kind = "info";
  } else if (isClosed() && !ui.leaving && /bot|resolved|closed/.test(ui.c.state)) {
    text = closedText();
    kind = "info hours";
    icon = clockIcon;
  }
  return (
    <div class="net">
      <span class="sr" role="status">
        {text}
      </span>
      {text && (
        <div class={`banner ${kind}`}>
          <Icon d={icon} />
          <span aria-hidden="true">{shown || text}</span>
          {act && <button onClick={press}>{act}</button>}
        </div>
      )}
    </div>
  );
}

/** The area below the log: a form that the customer opened, the rating, or the composer. */
function Foot() {
  const form =
    ui.leaving && ownerOf(ui.c.state) !== "agent"
      ? ui.leaving === "about"
        ? about()?.About
        : leftMessage()?.LeaveMessage
      : unrated() && judge()?.Rating;
  return form ? form() : <Composer />;
}

export function App() {
  const { place } = ui.c;
  return [
    ui.hosted && rail()?.Rail({ waits: place?.staffed && people()?.wait(place) }),
    <div class="yd" role={ui.hosted ? "main" : "dialog"} aria-label={t("chat.panel")}>
      <a class="skip" href="#write">
        {t("chat.skip")}
      </a>
      <Header />
      <Banner />
      <Log />
      {ui.c.seq && recommend()?.Card()}
      {ownerOf(ui.c.state) === "queue" && people()?.QueueActions()}
      <Foot />
    </div>,
    ui.picture && files()?.Viewer(ui.picture),
  ];
}

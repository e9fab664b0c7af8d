import { Button } from "@yingda/antd";
import { useNavigate } from "@tanstack/react-router";
import type { Conversation } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { Kbd } from "../lib/kbd";
import { useKeys } from "../lib/keys";
import { useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useLive } from "../live/context";
import "./offer.css";

/** The circumference of the ring. */
const round = 2 * Math.PI * 15;

/** The seconds that are left, as a ring that empties. */
function Ring({ since, until }: { since: number; until: number }) {
  const now = useNow();
  // The clocks of the server and of this browser differ a little.
  const left = Math.max(0, Math.min(until - now, until - since));
  const share = left / Math.max(1, until - since);
  return (
    <svg className="offer-ring" viewBox="0 0 36 36" aria-hidden="true">
      <circle cx="18" cy="18" r="15" />
      <circle className="offer-left" cx="18" cy="18" r="15" strokeDasharray={`${share * round} ${round}`} />
      <text x="18" y="22.5" textAnchor="middle">
        {Math.ceil(left / 1000)}
      </text>
    </svg>
  );
}

function Waited({ since }: { since: number }) {
  const now = useNow();
  const { t } = useTranslation("desk");
  return <>{t("offer.waited", { time: clock(Math.max(0, now - since)) })}</>;
}

/** What is offered to the agent: who, how long they have waited, and what they asked first. Opening it reads the conversation without accepting it. */
export function OfferCard({ one }: { one: Conversation }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const live = useLive();
  const navigate = useNavigate();
  const titleOf = useTitleOf();
  const title = titleOf(one);
  const until = one.offer?.until ?? 0;
  const [begun] = useState(one.at);
  const show = () => void navigate({ to: "/inbox/$conversation", params: { conversation: one.id }, search: {} });
  const accept = () => {
    live.send(one.id, { type: "take" });
    show();
  };
  const pass = () => live.send(one.id, { type: "pass" });
  useKeys({ "Alt+KeyA": accept, "Alt+KeyP": pass });
  const words = one.preview?.text || one.subject || "";
  return (
    <section className="offer" aria-label={t("offer.title")}>
      <p className="sr" role="alert">
        {t("offer.notice", { name: title })}
      </p>
      <div className="row">
        <Ring since={begun} until={until} />
        <button type="button" className="grow offer-what" onClick={show}>
          <span className="b offer-head">
            <span className="el">
              <bdi>{one.queue ? say(one.queue.name, language) : title}</bdi>
              {one.about && (
                <>
                  <i className="dot" />
                  <bdi>{say(one.about.name, language)}</bdi>
                </>
              )}
            </span>
            <span>
              <Waited since={one.queued_at ?? one.at} />
            </span>
          </span>
          <span className="s2 t2 el" lang={tagOf(one.lang)} dir="auto">
            {words === "" ? title : words}
          </span>
        </button>
      </div>
      <div className="row offer-acts">
        <Button type="primary" size="small" className="grow" onClick={accept}>
          {t("offer.accept")} <Kbd keys="Alt A" />
        </Button>
        <Button size="small" className="grow" onClick={pass}>
          {t("offer.pass")} <Kbd keys="Alt P" />
        </Button>
      </div>
    </section>
  );
}

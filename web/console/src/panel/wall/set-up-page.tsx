import { Button, Dialog, Input, Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { WallLink } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/clock";
import { Failed } from "../../lib/failed";
import { dayAndTime } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { wallLinks } from "../queries";
import { useMakeWallLink, useRevokeWallLink } from "./queries";
import "../panel.css";
import "./set-up.css";

const longest = 60;
/** How long a link can open the wall, in days; the middle one is the default. */
const lives = [7, 30, 90, 180, 365] as const;
const proposed = 90;

/** The address that opens the wall; the secret is after the hash, which is never sent to a server or written to a log. */
const addressOf = (token: string, language: string) => `${location.origin}/console/wall?lang=${language}#${token}`;

/** Asks for the screen's name, then shows the link, the only time it is shown. */
function NewLinkDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const text = useProblemText();
  const id = useId();
  const make = useMakeWallLink();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number>(proposed);
  const me = useMe();
  const [copied, setCopied] = useState<"no" | "yes" | "by_hand">("no");
  const made = make.data && addressOf(make.data.token, language);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") make.mutate({ name: name.trim(), days });
  };
  const copy = async (address: string) => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied("yes");
    } catch {
      setCopied("by_hand");
      const box = document.getElementById(id);
      if (box instanceof HTMLInputElement) box.select();
    }
  };
  return (
    <Dialog
      open
      title={made ? (make.data?.name ?? "") : t("wall.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width="36rem"
    >
      {made ? (
        <div className="wall-form">
          <p className="notice warn">
            {t("wall.made", { time: dayAndTime(make.data?.expires_at ?? 0, me.time_zone) })}
          </p>
          <div className="field">
            <label htmlFor={id}>{t("wall.link")}</label>
            <Input id={id} readOnly value={made} onFocus={(event) => event.target.select()} />
          </div>
          <p className="s2 t3" role="status">
            {copied === "yes" ? t("wall.copied") : copied === "by_hand" ? t("wall.by_hand") : t("wall.links.about")}
          </p>
          <div className="row wall-acts">
            <Button onClick={() => void copy(made)}>
              <Icon name="copy" />
              {t("wall.copy")}
            </Button>
            <Button type="primary" onClick={onClose}>
              {t("wall.done")}
            </Button>
          </div>
        </div>
      ) : (
        <form className="wall-form" onSubmit={submit}>
          <div className="field">
            <label htmlFor={id}>{t("wall.name")}</label>
            <Input
              id={id}
              data-autofocus
              maxLength={longest}
              placeholder={t("wall.name.like")}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-days`}>{t("wall.days")}</label>
            <select
              id={`${id}-days`}
              className="wall-days"
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            >
              {lives.map((one) => (
                <option key={one} value={one}>
                  {t("wall.days.n", { count: one })}
                </option>
              ))}
            </select>
            <span className="s1 t3">{t("wall.days.what")}</span>
          </div>
          {make.isError && (
            <p className="notice hot" role="alert">
              {text(make.error)}
            </p>
          )}
          <div className="row wall-acts">
            <Button onClick={onClose}>{t("wall.cancel")}</Button>
            <Button type="primary" htmlType="submit" disabled={name.trim() === ""} loading={make.isPending}>
              {t("wall.make")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function LinkRow({ link }: { link: WallLink }) {
  const { t } = useTranslation("panel");
  const me = useMe();
  const text = useProblemText();
  const revoke = useRevokeWallLink();
  const ask = t("wall.revoke.ask", { name: link.name });
  const over = link.expires_at <= useNow(60_000);
  return (
    <li className="card wall-link" aria-label={link.name}>
      <Icon name="device" />
      <span className="grow">
        <b>{link.name}</b> {over && <span className="tag warn">{t("wall.ran_out")}</span>}
        <span className="s2 t3 wall-link-told">
          {t("wall.made_by", { name: link.made_by, time: dayAndTime(link.created_at, me.time_zone) })}
          <i className="dot" />
          {link.last_seen_at === null
            ? t("wall.never")
            : t("wall.seen", { time: dayAndTime(link.last_seen_at, me.time_zone) })}
          {!over && (
            <>
              <i className="dot" />
              {t("wall.until", { time: dayAndTime(link.expires_at, me.time_zone) })}
            </>
          )}
        </span>
      </span>
      <Popup
        label={ask}
        className="wall-ask"
        trigger={(props) => (
          <button {...props} type="button" className="wall-revoke hot" disabled={revoke.isPending}>
            {t("wall.revoke")}
          </button>
        )}
      >
        {(close) => (
          <>
            <p>{ask}</p>
            <p className="s2 t3">{t("wall.revoke.what")}</p>
            <div className="row wall-acts">
              <Button size="small" data-autofocus onClick={close}>
                {t("wall.cancel")}
              </Button>
              <Button
                size="small"
                danger
                type="primary"
                onClick={() => {
                  close();
                  revoke.mutate(link.id, {
                    onSuccess: () => toast(t("wall.revoked")),
                    onError: (error) => toast(text(error), "hot"),
                  });
                }}
              >
                {t("wall.revoke")}
              </Button>
            </div>
          </>
        )}
      </Popup>
    </li>
  );
}

/** Opens the wall here, and manages the links that open it on other screens. */
export function WallSetUpPage() {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const found = useQuery(wallLinks);
  const [making, setMaking] = useState(false);
  const links = found.data?.items ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t("wall.title")}</h1>
        <span className="grow" />
        <Button onClick={() => setMaking(true)}>
          <Icon name="plus" />
          {t("wall.new")}
        </Button>
      </header>
      <div className="page-body wall-set-up" data-pane tabIndex={-1}>
        <section className="card wall-here">
          <p>{t("wall.about")}</p>
          <Button type="primary" href={`/console/wall?lang=${language}`}>
            <Icon name="device" />
            {t("wall.here")}
          </Button>
        </section>
        <h2>{t("wall.links")}</h2>
        <p className="s2 t2">{t("wall.links.about")}</p>
        <Failed of={found} />
        {found.isSuccess && links.length === 0 && <p className="empty">{t("wall.none")}</p>}
        <ul className="wall-links">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} />
          ))}
        </ul>
      </div>
      {making && <NewLinkDialog onClose={() => setMaking(false)} />}
    </div>
  );
}

import { home } from "@yingda/api/home";
import { Button, Input, Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Answer } from "@yingda/api/operations";
import type { WallLink } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/clock";
import { Field } from "../../lib/field";
import { FormDialog } from "../../lib/form-dialog";
import { dayAndTime } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { ListPage } from "../../lib/list-page";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { useMe } from "../../lib/session";
import { ShownOnce } from "../../lib/shown-once";
import { toast } from "../../lib/toast";
import { useEditor } from "../../lib/use-editor";
import { wallLinks } from "../queries";
import { useMakeWallLink, useRevokeWallLink } from "./queries";
import "../panel.css";
import "./set-up.css";

const longest = 60;
/** How long a link can open the wall, in days; the middle one is the default. */
const lives = [7, 30, 90, 180, 365] as const;
const proposed = 90;

/** A link with its secret. */
type MadeLink = Answer<"POST", "/wall-links">;

/** The address that opens the wall; the secret is after the hash, which is never sent to a server or written to a log. */
const addressOf = (token: string, language: string) =>
  `${location.origin}${home}/console/wall?lang=${language}#${token}`;

/** Asks for the screen's name and how long the link works. */
function NewLinkForm({ onMade, onClose }: { onMade(made: MadeLink): void; onClose(): void }) {
  const { t } = useTranslation("panel");
  const make = useMakeWallLink();
  const editor = useEditor({
    record: null,
    fieldsOf: () => ({ name: "", days: proposed }),
    shows: [],
    save: ({ name, days }) => make.mutateAsync({ name: name.trim(), days }),
    saved: () => null,
    onSaved: onMade,
    onClose,
  });
  const { fields, set } = editor;
  return (
    <FormDialog
      editor={editor}
      title={t("wall.new")}
      saveWord={t("wall.make")}
      incomplete={fields.name.trim() === ""}
      width="36rem"
    >
      <Field label={t("wall.name")} required>
        {(ids) => (
          <Input
            {...ids}
            data-autofocus
            maxLength={longest}
            placeholder={t("wall.name.like")}
            value={fields.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("wall.days")} hint={t("wall.days.what")}>
        {({ status: _, ...ids }) => (
          <select
            {...ids}
            className="wall-days"
            value={fields.days}
            onChange={(event) => set({ days: Number(event.target.value) })}
          >
            {lives.map((one) => (
              <option key={one} value={one}>
                {t("wall.days.n", { count: one })}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
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
  const me = useMe();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeLink | null>(null);
  const links = found.data?.items ?? [];
  return (
    <>
      <ListPage
        title={t("wall.title")}
        acts={
          <Button onClick={() => setMaking(true)}>
            <Icon name="plus" />
            {t("wall.new")}
          </Button>
        }
        className="wall-set-up"
        above={
          <>
            <section className="card wall-here">
              <p>{t("wall.about")}</p>
              <Button type="primary" href={`${home}/console/wall?lang=${language}`}>
                <Icon name="device" />
                {t("wall.here")}
              </Button>
            </section>
            <h2>{t("wall.links")}</h2>
            <p className="s2 t2">{t("wall.links.about")}</p>
          </>
        }
        of={found}
        rows={links}
        empty={<p>{t("wall.none")}</p>}
      >
        <ul className="wall-links">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} />
          ))}
        </ul>
      </ListPage>
      {making && <NewLinkForm onMade={setMade} onClose={() => setMaking(false)} />}
      {made !== null && (
        <ShownOnce
          title={made.name}
          once={t("wall.made", { time: dayAndTime(made.expires_at, me.time_zone) })}
          label={t("wall.link")}
          value={addressOf(made.token, language)}
          what={t("wall.links.about")}
          doneWord={t("wall.done")}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

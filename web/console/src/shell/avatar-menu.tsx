import { Popup } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Me } from "@yingda/api/types";
import { Icon, type IconName } from "../lib/icon";
import { ownTour, startTour, turnHelp } from "../lib/learning";
import { initial } from "../lib/people";
import { useBuiltInWord } from "../lib/built-in-roles";
import { practice } from "../lib/practice";
import { useMe } from "../lib/session";
import { areas, mayOpen, type Entry, type Page } from "./areas";
import { areaBadges } from "./badges";
import { useDialogs } from "./dialogs";
import { useSignOut } from "./sign-out";

const own: readonly Page[] = areas.find((area) => area.at === "me")?.pages ?? [];
/** While one practises, only the handbook is there of one's own pages: everything else is found after that. */
const offered = (me: Me) => own.filter((page) => mayOpen(me, page) && (!practice.isOn || page.id === "handbook"));

/** On a phone, the help is found here, too. */
const marks = { beside: { "data-tour": "me" }, above: { "data-tour": "me help" } };

interface AvatarMenuProps {
  side: "beside" | "above";
  /** The areas for which the bar of a phone has no room. */
  more?: readonly Entry[];
  /** One of the pages behind this menu is open. */
  current?: boolean;
}

/** The member's own menu: who one is, one's own pages and settings, and the way out. */
export function AvatarMenu({ side, more = [], current = false }: AvatarMenuProps) {
  const { t } = useTranslation("shell");
  const { t: named } = useTranslation("areas");
  const me = useMe();
  const roleWord = useBuiltInWord();
  const dialogs = useDialogs();
  const { signOut, leaving } = useSignOut();

  return (
    <Popup
      label={t("avatar.label")}
      side={side}
      className={side === "beside" ? "avatar-menu" : "avatar-menu avatar-sheet"}
      trigger={(props) => (
        <button
          {...props}
          className={side === "beside" ? "rail-avatar" : "bottom-link"}
          {...marks[side]}
          aria-label={side === "beside" ? t("avatar.open", { name: me.name }) : undefined}
          aria-current={side === "above" && current ? "true" : undefined}
        >
          <span className="av st sm" aria-hidden="true">
            {initial(me.name)}
          </span>
          {side === "above" && <span className="rail-word">{t("avatar.me")}</span>}
        </button>
      )}
    >
      {(close) => {
        const opens = (run: () => void, icon: IconName, word: string) => (
          <button
            type="button"
            className="y-menu-item"
            onClick={() => {
              close();
              run();
            }}
          >
            <Icon name={icon} />
            {word}
          </button>
        );
        return (
          <>
            <div className="avatar-head">
              <span className="av st" aria-hidden="true">
                {initial(me.name)}
              </span>
              <span className="grow">
                <b className="el" dir="auto">
                  {me.name}
                </b>
                <span className="s1 t3 el">
                  {roleWord(me.role, me.role_name)}
                  <i className="dot" />
                  {me.number}
                  {!practice.isOn && <i className="dot" />}
                  {!practice.isOn && me.email}
                </span>
              </span>
            </div>
            <hr className="y-menu-rule" />
            {more.map((entry) => {
              const Badge = areaBadges[entry.area.id];
              return (
                <Link key={entry.area.id} to={entry.to} search={{}} className="y-menu-item" onClick={close}>
                  <Icon name={entry.icon} />
                  <span className="grow">{named(entry.word)}</span>
                  {Badge && <Badge />}
                </Link>
              );
            })}
            {more.length > 0 && <hr className="y-menu-rule" />}
            {opens(() => dialogs.open("settings"), "contrast", t("avatar.settings"))}
            {opens(() => dialogs.open("keys"), "info", t("avatar.keys"))}
            {opens(() => turnHelp(true), "help", t("help"))}
            {!practice.isOn && opens(() => startTour(ownTour(me)), "play", t("avatar.tour"))}
            {offered(me).map((page) => (
              <Link key={page.id} to={page.to} search={{}} className="y-menu-item" onClick={close}>
                <Icon name={page.icon} />
                {named(`page.${page.id}`)}
              </Link>
            ))}
            {!practice.isOn && <hr className="y-menu-rule" />}
            {!practice.isOn && (
              <button type="button" className="y-menu-item" disabled={leaving} onClick={() => void signOut()}>
                <Icon name="out" />
                {t("avatar.sign_out")}
              </button>
            )}
          </>
        );
      }}
    </Popup>
  );
}

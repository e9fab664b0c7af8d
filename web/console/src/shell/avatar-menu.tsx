import { Popup } from "@yingda/antd";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@yingda/api/client";
import { forget } from "../live/place";
import { Icon } from "../lib/icon";
import { initial } from "../lib/people";
import { isProblem, useProblemText } from "../lib/problem";
import { forgetPerson, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useDialogs } from "./dialogs";

export function AvatarMenu({ side }: { side: "beside" | "above" }) {
  const { t } = useTranslation("shell");
  const me = useMe();
  const dialogs = useDialogs();
  const router = useRouter();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [leaving, setLeaving] = useState(false);

  const signOut = async () => {
    setLeaving(true);
    try {
      await call("DELETE", "/auth/sessions/current");
    } catch (error) {
      if (!isProblem(error, "not_signed_in")) {
        toast(problemText(error), "hot");
        setLeaving(false);
        return;
      }
    }
    await router.navigate({ to: "/sign-in", search: {} });
    // After the pages that would store it again are gone.
    forget(me.agent);
    forgetPerson(queryClient);
  };

  return (
    <Popup
      label={t("avatar.label")}
      side={side}
      className="avatar-menu"
      trigger={(props) => (
        <button
          {...props}
          className={side === "beside" ? "rail-avatar" : "bottom-link"}
          aria-label={side === "beside" ? t("avatar.open", { name: me.name }) : undefined}
        >
          <span className="av st sm" aria-hidden="true">
            {initial(me.name)}
          </span>
          {side === "above" && <span>{t("avatar.me")}</span>}
        </button>
      )}
    >
      {(close) => (
        <>
          <div className="avatar-head">
            <span className="av st" aria-hidden="true">
              {initial(me.name)}
            </span>
            <span className="grow">
              <b className="el">{me.name}</b>
              <span className="s1 t3 el">
                {t(`role.${me.role}`)}
                <i className="dot" />
                {me.number}
                <i className="dot" />
                {me.email}
              </span>
            </span>
          </div>
          <hr className="y-menu-rule" />
          <button
            type="button"
            className="y-menu-item"
            onClick={() => {
              close();
              dialogs.open("settings");
            }}
          >
            <Icon name="settings" />
            {t("avatar.settings")}
          </button>
          <Link to="/sessions" className="y-menu-item" onClick={close}>
            <Icon name="device" />
            {t("avatar.sessions")}
          </Link>
          <button
            type="button"
            className="y-menu-item"
            onClick={() => {
              close();
              dialogs.open("keys");
            }}
          >
            <Icon name="info" />
            {t("avatar.keys")}
          </button>
          <Link to="/handbook" search={{}} className="y-menu-item" onClick={close}>
            <Icon name="book" />
            {t("avatar.handbook")}
          </Link>
          <hr className="y-menu-rule" />
          <button type="button" className="y-menu-item" disabled={leaving} onClick={() => void signOut()}>
            <Icon name="out" />
            {t("avatar.sign_out")}
          </button>
        </>
      )}
    </Popup>
  );
}

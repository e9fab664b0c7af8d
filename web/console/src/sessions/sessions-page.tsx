import { Button } from "@yingda/antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { StaffSession } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { ago, dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { Listed } from "../lib/listed";
import { LoadingRows } from "../lib/loading";
import { Page } from "../lib/page";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { sessionsQuery, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { browserOf } from "@yingda/api/browser";
import { PasskeysCard } from "./passkeys-card";
import { PasswordCard } from "./password-card";
import { SecondStepCard } from "./second-step-card";
import "./sessions.css";

export function SessionsPage() {
  const { t } = useTranslation("sessions");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(30_000);
  const text = useProblemText();
  const queryClient = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const items = sessions.data?.items ?? [];
  const revoke = useMutation({
    mutationFn: (session: StaffSession) => call("DELETE", "/auth/sessions/{id}", { path: { id: session.id } }),
    onSuccess: () => {
      toast(t("revoked"));
    },
    onError: (error) => toast(text(error), "hot"),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <Page title={t("title")} about={t("about")}>
      <Listed of={sessions} rows={items} loading={<LoadingRows rows={2} className="card session-list" />}>
        <ul className="card session-list">
          {items.map((session) => {
            const { browser, system } = browserOf(session.user_agent);
            return (
              <li key={session.id}>
                <span className="av">
                  <Icon name="device" />
                </span>
                <span className="grow">
                  <b>{browser && system ? t("browser_on", { browser, system }) : browser || system || t("unknown")}</b>
                  {session.current && <span className="tag brand">{t("this_one")}</span>}
                  <span className="s2 t3 session-times">
                    {t("seen", { time: ago(Math.min(session.last_seen_at, now), now, language) })}
                    <i className="dot" />
                    {t("since", { time: dayAndTime(session.created_at, me.time_zone) })}
                  </span>
                </span>
                {!session.current && (
                  <Button size="small" danger disabled={revoke.isPending} onClick={() => revoke.mutate(session)}>
                    {t("revoke")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      </Listed>
      <SecondStepCard />
      <PasskeysCard />
      <PasswordCard />
    </Page>
  );
}

import { Button, Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { Failed } from "../lib/failed";
import { ago } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { browserOf } from "@yingda/api/browser";
import { memberSessions, useEndSession } from "./queries";

/** The sessions of a member, and a way to end them. */
export function MemberSessions({ member, onClose }: { member: Member; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const now = useNow(30_000);
  const text = useProblemText();
  const found = useQuery(memberSessions(member.id));
  const end = useEndSession();
  const rows = found.data?.items ?? [];
  return (
    <Dialog
      open
      title={t("sessions.title", { name: member.name })}
      closeLabel={t("close")}
      onClose={onClose}
      width="34rem"
    >
      <div className="settings-form">
        <Failed of={found} />
        {found.isSuccess && rows.length === 0 && <p className="empty">{t("sessions.empty")}</p>}
        <ul className="settings-rows">
          {rows.map((session) => {
            const { browser, system } = browserOf(session.user_agent);
            return (
              <li key={session.id} className="row">
                <span className="grow">
                  <b>{[browser, system].filter((part) => part !== "").join(" · ") || t("sessions.unknown")}</b>
                  <span className="s2 t3 settings-line">
                    {t("sessions.seen", { time: ago(Math.min(session.last_seen_at, now), now, language) })}
                  </span>
                </span>
                <Button
                  size="small"
                  danger
                  disabled={end.isPending || session.current}
                  onClick={() =>
                    end.mutate(
                      { member: member.id, session: session.id },
                      { onSuccess: () => toast(t("sessions.ended")), onError: (error) => toast(text(error), "hot") },
                    )
                  }
                >
                  {t("sessions.end")}
                </Button>
              </li>
            );
          })}
        </ul>
        <p className="s2 t3">{t("sessions.what")}</p>
      </div>
    </Dialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { Queue } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { colleagues } from "../lib/directory";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { queues } from "../lib/directory";
import { DeleteQueue } from "./delete-queue";
import { QueueForm } from "./queue-form";
import "./settings.css";

/** The maximum number of names shown of those who serve a queue. */
const namesShown = 8;

/** Queues: who serves them, and when they are open. */
export function QueueSettingsPage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const found = useQuery(queues);
  const colleaguesFound = useQuery(colleagues);
  const staff = new Map(colleaguesFound.data?.agents.map((one) => [one.id, one.name]));
  const [editing, setEditing] = useState<Queue | "new" | null>(null);
  const [deleting, setDeleting] = useState<Queue | null>(null);
  const all = found.data?.items ?? [];
  const serving = (queue: Queue) => queue.members.flatMap((id) => staff.get(id) ?? []);
  const nobody = (queue: Queue) => colleaguesFound.isSuccess && !queue.everybody && serving(queue).length === 0;
  /** Nobody who serves it takes conversations now. */
  const isAway = ({ id }: Queue) => colleaguesFound.data?.queues.find((one) => one.id === id)?.staffed === false;
  const who = (queue: Queue) => {
    const names = serving(queue);
    const shown = names.slice(0, namesShown).join(language === "en" ? ", " : "、");
    return names.length > namesShown ? t("queue.and_more", { names: shown, count: names.length - namesShown }) : shown;
  };
  const actsOf = (queue: Queue, name: string): Act[] => [
    { word: t("edit"), label: t("edit.one", { name }), run: () => setEditing(queue) },
    {
      word: t("delete"),
      label: t("delete.one", { name }),
      run: () => setDeleting(queue),
    },
  ];
  return (
    <>
      <ListPage
        data-tour="queues"
        title={t("side.queues")}
        add={{ word: t("queue.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={3} className="settings-cards" card="card settings-one" />}
      >
        <ul className="settings-cards" aria-label={t("side.queues")}>
          {all.map((queue) => (
            <li key={queue.id} className="card settings-one" aria-label={say(queue.name, language)}>
              <div className="row">
                <div className="row wrap grow">
                  <b dir="auto">{say(queue.name, language)}</b>
                  <span className={queue.service.open && !isAway(queue) ? "tag ok" : "tag warn"}>
                    {t(!queue.service.open ? "queue.is_closed" : isAway(queue) ? "queue.is_away" : "queue.is_open")}
                  </span>
                  {nobody(queue) && <span className="tag hot">{t("queue.nobody")}</span>}
                  {queue.waiting > 0 && <span className="tag">{t("queue.waiting", { count: queue.waiting })}</span>}
                </div>
                <RowActs name={say(queue.name, language)} acts={actsOf(queue, say(queue.name, language))} />
              </div>
              <p className="s2 t3">
                {!nobody(queue) && (
                  <>
                    {queue.everybody ? t("queue.served_by_all") : t("queue.served_by", { who: who(queue) })}
                    <i className="dot" />
                  </>
                )}
                {t(queue.hours === null ? "queue.hours_as_company" : "queue.hours_own")}
                {!queue.service.open && (
                  <>
                    <i className="dot" />
                    {queue.service.opens_at === null
                      ? t("queue.never_opens")
                      : t("queue.opens_at", { time: dayAndTime(queue.service.opens_at, me.time_zone) })}
                  </>
                )}
              </p>
            </li>
          ))}
        </ul>
      </ListPage>
      {editing !== null && (
        <QueueForm
          key={editing === "new" ? "new" : editing.id}
          queue={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {deleting !== null && (
        <DeleteQueue key={deleting.id} queue={deleting} all={all} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}

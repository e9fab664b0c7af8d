import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { announcements } from "../lib/announcements";
import { dayAndTime } from "../lib/format";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { RowActs } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { AnnouncementForm } from "./announcement-form";
import "./announcements.css";
import { readersOf, useConfirm, useWithdraw, type Announcement } from "./queries";

/** Who has read it and who has not, for those who made it. */
function Readers({ id }: { id: string }) {
  const { t } = useTranslation("announcements");
  const me = useMe();
  const { data } = useQuery(readersOf(id));
  if (!data) return <p className="s2 t3">{t("readers.loading")}</p>;
  return (
    <ul className="announcement-readers" aria-label={t("readers")}>
      {data.items.map((one) => (
        <li key={one.id} className="row s2">
          <bdi className="grow">{one.name}</bdi>
          {one.read_at === null ? (
            <span className="t3">{t("readers.not")}</span>
          ) : (
            <time className="n t3">{dayAndTime(one.read_at, me.time_zone)}</time>
          )}
        </li>
      ))}
    </ul>
  );
}

function One({ of }: { of: Announcement }) {
  const { t } = useTranslation("announcements");
  const me = useMe();
  const confirm = useConfirm();
  const withdraw = useWithdraw();
  const refused = useRefused();
  const [shown, setShown] = useState(false);
  const isNew = of.to_me && of.read_at === null;
  return (
    <li className={isNew ? "card announcement announcement-new" : "card announcement"}>
      <div className="row wrap">
        <h2 dir="auto">{of.title}</h2>
        {isNew && <span className="tag warn">{t("unread")}</span>}
        <span className="grow" />
        {of.read_by && (
          <RowActs
            name={of.title}
            acts={[
              {
                word: t("withdraw"),
                disabled: withdraw.isPending,
                asks: { ask: t("withdraw.ask", { title: of.title }), what: t("withdraw.what"), danger: true },
                run: () => withdraw.mutate(of.id, { onSuccess: () => toast(t("withdrawn")), onError: refused }),
              },
            ]}
          />
        )}
      </div>
      <p className="s2 t3">
        <bdi>{of.by}</bdi>
        <i className="dot" />
        <time className="n">{dayAndTime(of.at, me.time_zone)}</time>
        <i className="dot" />
        {of.group ? <bdi>{of.group.name || t("group.gone")}</bdi> : t("everybody")}
      </p>
      {of.text !== "" && (
        <p className="announcement-text" dir="auto">
          {of.text}
        </p>
      )}
      <div className="row wrap">
        {isNew && (
          <Button
            type="primary"
            disabled={confirm.isPending}
            onClick={() => confirm.mutate(of.id, { onError: refused })}
          >
            {t("confirm")}
          </Button>
        )}
        {of.read_by && (
          <Button aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t("read_by", { read: of.read_by.read, of: of.read_by.of })}
          </Button>
        )}
      </div>
      {shown && <Readers id={of.id} />}
    </li>
  );
}

/** What managers and supervisors tell the staff, and who has read it. */
export function AnnouncementsPage() {
  const { t } = useTranslation("announcements");
  // who has read something is not reported: the list of those who see it is asked for again
  const found = useQuery({
    ...announcements,
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.read_by !== null) ? 10_000 : false),
  });
  const [making, setMaking] = useState(false);
  const all = found.data?.items ?? [];
  const told = found.data?.may_tell;
  const may = told !== undefined && told !== null && (told.everybody || told.groups.length > 0);
  return (
    <>
      <ListPage
        data-tour="announcements"
        title={t("title")}
        add={may ? { word: t("new"), run: () => setMaking(true) } : null}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={3} className="announcements" card="card announcement" />}
        empty={<p>{t(may ? "none.may" : "none")}</p>}
      >
        <ul className="announcements" aria-label={t("title")}>
          {all.map((one) => (
            <One key={one.id} of={one} />
          ))}
        </ul>
      </ListPage>
      {making && told && <AnnouncementForm told={told} onClose={() => setMaking(false)} />}
    </>
  );
}

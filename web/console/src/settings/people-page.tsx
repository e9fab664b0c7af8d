import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Bilingual, Invited, Member, MemberStatus, Role } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { Filter } from "../lib/filter";
import { dayAndTime, dayOf, hourMinute } from "../lib/format";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { SearchField } from "../lib/search-field";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { toast } from "../lib/toast";
import { useTyped } from "../lib/use-typed";
import type { PeopleSearch } from "./people-search";
import { MemberSessions } from "./member-sessions";
import { PersonForm } from "./person-form";
import { queues } from "../lib/directory";
import { groups, people, useChangeMember, useRenewLink } from "./queries";
import { Unattended, unattendedBy } from "./unattended";
import "./settings.css";

/** A member's presence as customers experience it: one who accepts conversations but whose page is gone is unreachable. */
const presenceOf = (member: Member) =>
  member.state === "offline"
    ? "offline"
    : !member.online
      ? "unreachable"
      : member.state === "available" && member.open >= member.capacity
        ? "full"
        : member.state;
const toneOf = (member: Member) =>
  ({
    active: { available: "ok", unreachable: "hot", full: "", break: "", offline: "" }[presenceOf(member)],
    invited: "warn",
    disabled: "hot",
  })[member.status];
/** For today, the time is enough. */
const sinceWords = (at: number, now: number, zone: string) =>
  dayOf(at, zone) === dayOf(now, zone) ? hourMinute(at, zone) : dayAndTime(at, zone);
/** Since when the presence has lasted: for a member whose page is gone, since it was last seen. */
const sinceOf = (member: Member) => (member.online ? member.state_since : member.last_seen_at);

interface RowProps {
  member: Member;
  group: string;
  served: string;
  onEdit(): void;
  onSessions(): void;
  onLink(invited: Invited): void;
  onAbandons(queues: readonly Bilingual[]): void;
}

function Row({ member, group, served, onEdit, onSessions, onLink, onAbandons }: RowProps) {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const { t: desk } = useTranslation("desk");
  const me = useMe();
  const now = useNow(30_000);
  const change = useChangeMember();
  const renew = useRenewLink();
  const mine = me.role === "administrator" || member.role === "agent";
  const refuse = useRefused();
  const disabled = member.status === "disabled";
  const keepOut = (off: boolean) =>
    change.mutate(
      { id: member.id, change: { disabled: off, seen: member.updated_at } },
      {
        onSuccess: () =>
          toast(off ? t("person.disabled", { name: member.name }) : t("person.enabled", { name: member.name })),
        onError: (error) => {
          const left = unattendedBy(error);
          if (left) onAbandons(left);
          else refuse(error);
        },
      },
    );
  const newLink = () => renew.mutate(member.id, { onSuccess: onLink, onError: refuse });
  const acts: Act[] = [
    { word: t("edit"), label: t("edit.one", { name: member.name }), run: onEdit },
    ...(disabled ? [] : [{ word: t("sessions"), label: t("sessions.of", { name: member.name }), run: onSessions }]),
    ...(member.status === "invited" ? [{ word: t("link.renew"), disabled: renew.isPending, run: newLink }] : []),
    ...(member.status === "active" && me.role === "administrator" && member.id !== me.agent
      ? [
          {
            word: t("link.reset"),
            disabled: renew.isPending,
            asks: { ask: t("link.reset.ask", { name: member.name }), what: t("link.reset.what") },
            run: newLink,
          },
        ]
      : []),
    disabled
      ? { word: t("person.enable"), disabled: change.isPending, run: () => keepOut(false) }
      : {
          word: t("person.disable"),
          disabled: change.isPending,
          asks: {
            ask: t("person.disable.ask", { name: member.name }),
            what: t("person.disable.what", { count: member.open }),
            danger: true,
          },
          run: () => keepOut(true),
        },
  ];
  return (
    <tr className={disabled ? "settings-off" : undefined}>
      <th scope="row">
        <span className="row">
          <span className="av st sm" aria-hidden="true">
            {initial(member.name)}
          </span>
          <span className="grow">
            <b>{member.name}</b> <span className="t3">{member.number}</span>
            <span className="settings-line s2 t3">{member.email}</span>
          </span>
        </span>
      </th>
      <td>
        {shell(`role.${member.role}`)}
        <span className="settings-line s2 t3">{group}</span>
      </td>
      <td className="settings-wide s2 t2">{served}</td>
      <td className="n">
        {member.open}/{member.capacity}
      </td>
      <td>
        <span className={`tag ${toneOf(member)}`}>
          {member.status === "active" ? desk(`state.${presenceOf(member)}`) : t(`status.${member.status}`)}
        </span>{" "}
        <span className="s2 t3">
          {member.status === "invited"
            ? member.link_until === null
              ? t("link.ran_out")
              : t("link.until", { time: dayAndTime(member.link_until, me.time_zone) })
            : sinceOf(member) === null
              ? t("seen.never")
              : t("seen", { time: sinceWords(sinceOf(member) ?? now, now, me.time_zone) })}
        </span>
      </td>
      <td className="settings-row-acts">{mine && <RowActs name={member.name} acts={acts} />}</td>
    </tr>
  );
}

/** Asks whether to disable a member although nobody would then answer some queues, and does it. */
function KeepOut({ member, queues: left, onClose }: { member: Member; queues: readonly Bilingual[]; onClose(): void }) {
  const { t } = useTranslation("settings");
  const change = useChangeMember();
  const refuse = useRefused();
  const keepOut = () =>
    change.mutate(
      { id: member.id, change: { disabled: true, confirm: true, seen: member.updated_at } },
      {
        onSuccess: () => {
          onClose();
          toast(t("person.disabled", { name: member.name }));
        },
        onError: (error) => {
          onClose();
          refuse(error);
        },
      },
    );
  return (
    <Dialog
      open
      title={t("person.disable.ask", { name: member.name })}
      closeLabel={t("close")}
      onClose={onClose}
      width="32rem"
    >
      <Unattended
        queues={left}
        act={t("unattended.disable")}
        busy={change.isPending}
        onBack={onClose}
        onConfirm={keepOut}
      />
    </Dialog>
  );
}

const roles: readonly Role[] = ["agent", "manager", "administrator"];
const statuses: readonly MemberStatus[] = ["active", "invited", "disabled"];

/** The staff: searched by words, role, group and state; invited, edited, disabled. */
export function PeoplePage() {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const { language } = usePrefs();
  const me = useMe();
  const navigate = useNavigate();
  const { open, ...search } = useSearch({ from: "/inside/settings/people" });
  const found = useInfiniteQuery(people(search));
  const allGroups = useQuery(groups).data?.items ?? [];
  const allQueues = useQuery(queues).data?.items ?? [];
  const [editing, setEditing] = useState<Member | "new" | null>(null);
  const [link, setLink] = useState<Invited | null>(null);
  const [sessionsOf, setSessionsOf] = useState<Member | null>(null);
  const [abandons, setAbandons] = useState<{ member: Member; queues: readonly Bilingual[] } | null>(null);
  const members = found.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.keys(search).length > 0;

  const show = (change: PeopleSearch) => {
    const next = Object.fromEntries(
      Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== ""),
    ) as PeopleSearch;
    void navigate({ to: "/settings/people", search: next, replace: true });
  };
  const [words, setWords] = useTyped(search.q ?? "", (q) => show({ q }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` is a new object each time
  useEffect(() => {
    if (open !== "new") return;
    setEditing("new");
    void navigate({ to: "/settings/people", search, replace: true });
  }, [open]);
  const served = (member: Member) =>
    allQueues
      .filter((queue) => queue.everybody || member.queues.includes(queue.id))
      .map((queue) => say(queue.name, language))
      .join(language === "en" ? ", " : "、");
  // A newly invited member is last in the list: if the list is not fully loaded, it is searched for.
  const invited = (made: Invited) => {
    setLink(made);
    if (found.hasNextPage) setWords(made.member.email);
  };

  const filters = (
    <div className="row wrap settings-filters" role="search">
      <SearchField
        className="settings-search"
        label={t("search.people")}
        placeholder={shell("search")}
        value={words}
        onChange={setWords}
      />
      <Filter
        label={t("field.role")}
        all={t("filter.role")}
        options={roles.map((role) => ({ value: role, word: shell(`role.${role}`) }))}
        value={search.role}
        onChange={(role) => show({ role })}
      />
      <Filter
        label={t("field.group")}
        all={t("filter.group")}
        options={allGroups.map((group) => ({ value: group.id, word: group.name }))}
        value={search.group}
        onChange={(group) => show({ group })}
      />
      <Filter
        label={t("field.status")}
        all={t("filter.status")}
        options={statuses.map((status) => ({ value: status, word: t(`status.${status}`) }))}
        value={search.status}
        onChange={(status) => show({ status })}
      />
    </div>
  );
  return (
    <>
      <ListPage
        title={t("side.people")}
        add={{ word: t("person.invite"), run: () => setEditing("new") }}
        of={found}
        rows={members}
        above={filters}
        loading={<LoadingRows rows={8} />}
        empty={
          <>
            <p>{t("people.none")}</p>
            {filtered && (
              <Button
                onClick={() => {
                  setWords("");
                  void navigate({ to: "/settings/people", search: {}, replace: true });
                }}
              >
                {t("search.clear")}
              </Button>
            )}
          </>
        }
      >
        <div className="card settings-card" aria-busy={found.isPlaceholderData}>
          <table className="settings-table">
            <thead>
              <tr>
                <th scope="col">{t("column.person")}</th>
                <th scope="col">{t("column.role")}</th>
                <th scope="col" className="settings-wide">
                  {t("column.queues")}
                </th>
                <th scope="col">{t("column.slots")}</th>
                <th scope="col">{t("column.state")}</th>
                <th scope="col">
                  <span className="sr">{t("acts")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.map((member) => (
                <Row
                  key={member.id}
                  member={member}
                  group={allGroups.find((group) => group.id === member.group)?.name ?? ""}
                  served={served(member)}
                  onEdit={() => setEditing(member)}
                  onSessions={() => setSessionsOf(member)}
                  onLink={setLink}
                  onAbandons={(left) => setAbandons({ member, queues: left })}
                />
              ))}
            </tbody>
          </table>
        </div>
      </ListPage>
      {editing !== null && (
        <PersonForm
          key={editing === "new" ? "new" : editing.id}
          member={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onInvited={invited}
        />
      )}
      {link !== null && (
        <ShownOnce
          title={t("link.title", { name: link.member.name })}
          once={t("link.once", { time: dayAndTime(link.expires_at, me.time_zone) })}
          label={t("link")}
          value={link.link}
          what={t("link.what", { email: link.member.email })}
          onClose={() => setLink(null)}
        />
      )}
      {abandons !== null && (
        <KeepOut member={abandons.member} queues={abandons.queues} onClose={() => setAbandons(null)} />
      )}
      {sessionsOf !== null && <MemberSessions member={sessionsOf} onClose={() => setSessionsOf(null)} />}
    </>
  );
}

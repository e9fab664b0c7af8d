import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Bilingual, Invited, Member, MemberStatus } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { SearchField } from "../lib/search-field";
import { rolesQuery, useRoleWord } from "../lib/roles";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { toast } from "../lib/toast";
import { useTyped } from "../lib/use-typed";
import type { PeopleSearch } from "./people-search";
import { MemberSessions } from "./member-sessions";
import { PeopleTable } from "./people-table";
import { PersonForm } from "./person-form";
import { queues } from "../lib/directory";
import { groups, people, useChangeMember } from "./queries";
import { Unattended } from "./unattended";
import "./settings.css";

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
  const allRoles = useQuery(rolesQuery).data?.items ?? [];
  const roleWord = useRoleWord();
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
        options={allRoles.map(({ id, name }) => ({ value: id, word: roleWord(id, name) }))}
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
        <PeopleTable
          members={members}
          busy={found.isPlaceholderData}
          groupOf={(member) => allGroups.find((group) => group.id === member.group)?.name ?? ""}
          servedBy={served}
          onEdit={setEditing}
          onSessions={setSessionsOf}
          onLink={setLink}
          onAbandons={(member, left) => setAbandons({ member, queues: left })}
        />
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

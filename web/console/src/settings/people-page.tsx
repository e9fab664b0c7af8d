import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Group, Invited, Member } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { SearchField } from "../lib/search-field";
import { rolesQuery, useRoleWord } from "../lib/roles";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { useTyped } from "../lib/use-typed";
import { inOrder, type Placed } from "./departments";
import { InviteMany } from "./invite-many";
import { Leaving, type Leaver } from "./leaving";
import { LeavesQueues, type Abandoned } from "./leaves-queues";
import { statuses, type PeopleSearch } from "./people-search";
import { MemberSessions } from "./member-sessions";
import { PeopleTable } from "./people-table";
import { PersonForm } from "./person-form";
import { queues } from "../lib/directory";
import { departments, groups, people } from "./queries";
import "./settings.css";

interface PeopleFiltersProps {
  search: PeopleSearch;
  words: string;
  onWords(words: string): void;
  groups: readonly Group[];
  placed: readonly Placed[];
  onChange(change: PeopleSearch): void;
}

/** What the list of the staff is searched and narrowed by. */
function PeopleFilters({ search, words, onWords, groups, placed, onChange }: PeopleFiltersProps) {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const roles = useQuery(rolesQuery).data?.items ?? [];
  const roleWord = useRoleWord();
  return (
    <div className="row wrap settings-filters" role="search">
      <SearchField
        className="settings-search"
        label={t("search.people")}
        placeholder={shell("search")}
        value={words}
        onChange={onWords}
      />
      <Filter
        label={t("field.role")}
        all={t("filter.role")}
        options={roles.map(({ id, name }) => ({ value: id, word: roleWord(id, name) }))}
        value={search.role}
        onChange={(role) => onChange({ role })}
      />
      <Filter
        label={t("field.group")}
        all={t("filter.group")}
        options={groups.map((group) => ({ value: group.id, word: group.name }))}
        value={search.group}
        onChange={(group) => onChange({ group })}
      />
      <Filter
        label={t("field.department")}
        all={t("filter.department")}
        options={placed.map(({ department, path }) => ({ value: department.id, word: path.join(" / ") }))}
        value={search.department}
        onChange={(department) => onChange({ department })}
      />
      <Filter
        label={t("field.status")}
        all={t("filter.status")}
        options={statuses.map((status) => ({ value: status, word: t(`status.${status}`) }))}
        value={search.status}
        onChange={(status) => onChange({ status })}
      />
    </div>
  );
}

/** The staff: searched by words, role, group, department and state; invited, edited, disabled, removed. */
export function PeoplePage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const navigate = useNavigate();
  const { open, ...search } = useSearch({ from: "/inside/settings/people" });
  const found = useInfiniteQuery(people(search));
  const allGroups = useQuery(groups).data?.items ?? [];
  const placed = inOrder(useQuery(departments).data?.items ?? []);
  const allQueues = useQuery(queues).data?.items ?? [];
  const [editing, setEditing] = useState<Member | "new" | null>(null);
  const [link, setLink] = useState<Invited | null>(null);
  const [sessionsOf, setSessionsOf] = useState<Member | null>(null);
  const [leaver, setLeaver] = useState<Leaver | null>(null);
  const [abandons, setAbandons] = useState<Abandoned | null>(null);
  const [many, setMany] = useState(false);
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

  return (
    <>
      <ListPage
        data-tour="people"
        title={t("side.people")}
        add={{ word: t("person.invite"), run: () => setEditing("new") }}
        acts={<Button onClick={() => setMany(true)}>{t("many")}</Button>}
        of={found}
        rows={members}
        above={
          <PeopleFilters
            search={search}
            words={words}
            onWords={setWords}
            groups={allGroups}
            placed={placed}
            onChange={show}
          />
        }
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
          departmentOf={(member) =>
            placed.find((one) => one.department.id === member.department)?.department.name ?? ""
          }
          servedBy={served}
          onEdit={setEditing}
          onSessions={setSessionsOf}
          onLink={setLink}
          onAbandons={(member, left, act) => setAbandons({ member, queues: left, act })}
          onLeaves={(member, act) => setLeaver({ member, act })}
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
      {abandons !== null && <LeavesQueues {...abandons} onClose={() => setAbandons(null)} />}
      {leaver !== null && <Leaving {...leaver} onClose={() => setLeaver(null)} />}
      {many && <InviteMany onClose={() => setMany(false)} />}
      {sessionsOf !== null && <MemberSessions member={sessionsOf} onClose={() => setSessionsOf(null)} />}
    </>
  );
}

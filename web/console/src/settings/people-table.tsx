import type { Bilingual, Invited, Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { dayAndTime, dayOf, hourMinute } from "../lib/format";
import { useRefused } from "../lib/mutations";
import { initial } from "../lib/people";
import { RowActs, type Act } from "../lib/row-acts";
import { isProblem } from "../lib/problem";
import { useRoleWord } from "../lib/roles";
import { may, useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { useProved } from "../sessions/prove-dialog";
import { useChangeMember, useRemoveMember, useRenewLink, useResetSecondStep } from "./queries";
import { unattendedBy } from "./unattended";

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
    active: { available: "ok", unreachable: "hot", full: "", busy: "", break: "", offline: "" }[presenceOf(member)],
    invited: "warn",
    disabled: "hot",
    removed: "",
  })[member.status];
/** For today, the time is enough. */
const sinceWords = (at: number, now: number, zone: string) =>
  dayOf(at, zone) === dayOf(now, zone) ? hourMinute(at, zone) : dayAndTime(at, zone);
/** Since when the presence has lasted: for a member whose page is gone, since it was last seen. */
const sinceOf = (member: Member) => (member.online ? member.state_since : member.last_seen_at);

function Person({ member }: { member: Member }) {
  return (
    <span className="row">
      <span className="av st sm" aria-hidden="true">
        {initial(member.name)}
      </span>
      <span className="grow">
        <b dir="auto">{member.name}</b> <span className="t3">{member.number}</span>
        <span className="settings-line s2 t3">{member.email}</span>
      </span>
    </span>
  );
}

/** The presence of a member, and since when; for an invited one, how long the link is valid. */
function Presence({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const { t: desk } = useTranslation("desk");
  const me = useMe();
  const now = useNow(30_000);
  return (
    <>
      <span className={`tag ${toneOf(member)}`}>
        {member.status === "active" ? desk(`state.${presenceOf(member)}`) : t(`status.${member.status}`)}
      </span>{" "}
      <span className="s2 t3">
        {member.removed_at !== null
          ? t("seen.removed", { time: dayAndTime(member.removed_at, me.time_zone) })
          : member.status === "invited"
            ? member.link_until === null
              ? t("link.ran_out")
              : t("link.until", { time: dayAndTime(member.link_until, me.time_zone) })
            : sinceOf(member) === null
              ? t("seen.never")
              : t("seen", { time: sinceWords(sinceOf(member) ?? now, now, me.time_zone) })}
      </span>
    </>
  );
}

interface MemberProps {
  onEdit(member: Member): void;
  onSessions(member: Member): void;
  onLink(invited: Invited): void;
  /** The member cannot be disabled or removed without a question: nobody would be left in these queues. */
  onAbandons(member: Member, queues: readonly Bilingual[], act: "disable" | "remove"): void;
  /** The member has conversations: somebody has to say where these go. */
  onLeaves(member: Member, act: "disable" | "remove"): void;
}

function MemberActs({ member, onEdit, onSessions, onLink, onAbandons, onLeaves }: MemberProps & { member: Member }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const change = useChangeMember();
  const renew = useRenewLink();
  const remove = useRemoveMember();
  const reset = useResetSecondStep();
  const refuse = useRefused();
  const { run, dialog } = useProved();
  const disabled = member.status === "disabled";
  const refuseToLeave = (error: unknown, act: "disable" | "remove") => {
    const left = unattendedBy(error);
    if (left) onAbandons(member, left, act);
    else if (isProblem(error, "member_has_work")) onLeaves(member, act);
    else refuse(error);
  };
  const keepOut = (off: boolean) =>
    change.mutate(
      { id: member.id, change: { disabled: off, seen: member.updated_at } },
      {
        onSuccess: () =>
          toast(off ? t("person.disabled", { name: member.name }) : t("person.enabled", { name: member.name })),
        onError: (error) => refuseToLeave(error, "disable"),
      },
    );
  const leave = () =>
    remove.mutate(
      { id: member.id, seen: member.updated_at },
      {
        onSuccess: () => toast(t("person.removed", { name: member.name })),
        onError: (error) => refuseToLeave(error, "remove"),
      },
    );
  const invited = member.status === "invited";
  /** Whoever has conversations is asked about in a dialog, which says how many. */
  const leaving = (act: "disable" | "remove", asks: Act["asks"], run: () => void): Pick<Act, "asks" | "run"> =>
    member.open > 0 ? { run: () => onLeaves(member, act) } : { ...(asks && { asks }), run };
  const newLink = () => run(async () => onLink(await renew.mutateAsync(member.id)));
  const acts: Act[] = [
    { word: t("edit"), label: t("edit.one", { name: member.name }), run: () => onEdit(member) },
    ...(disabled
      ? []
      : [{ word: t("sessions"), label: t("sessions.of", { name: member.name }), run: () => onSessions(member) }]),
    ...(member.status === "invited" ? [{ word: t("link.renew"), disabled: renew.isPending, run: newLink }] : []),
    ...(member.status === "active" && may(me, "settings") && member.id !== me.agent
      ? [
          {
            word: t("link.reset"),
            disabled: renew.isPending,
            asks: { ask: t("link.reset.ask", { name: member.name }), what: t("link.reset.what") },
            run: newLink,
          },
          {
            word: t("second.reset"),
            disabled: reset.isPending,
            asks: { ask: t("second.reset.ask", { name: member.name }), what: t("second.reset.what"), danger: true },
            run: () =>
              run(async () => {
                await reset.mutateAsync(member.id);
                toast(t("second.reset.done", { name: member.name }));
              }),
          },
        ]
      : []),
    disabled
      ? { word: t("person.enable"), disabled: change.isPending, run: () => keepOut(false) }
      : {
          word: t("person.disable"),
          disabled: change.isPending,
          ...leaving(
            "disable",
            { ask: t("person.disable.ask", { name: member.name }), what: t("person.disable.what"), danger: true },
            () => keepOut(true),
          ),
        },
    ...(member.id === me.agent
      ? []
      : [
          {
            word: invited ? t("person.withdraw") : t("person.remove"),
            disabled: remove.isPending,
            ...leaving(
              "remove",
              {
                ask: t(invited ? "person.withdraw.ask" : "person.remove.ask", { name: member.name }),
                what: t(invited ? "person.withdraw.what" : "person.remove.what"),
                danger: true,
              },
              leave,
            ),
          },
        ]),
  ];
  // Only the history has a removed member.
  return (
    member.may_change &&
    member.status !== "removed" && (
      <>
        <RowActs name={member.name} acts={acts} />
        {dialog}
      </>
    )
  );
}

interface PeopleTableProps extends MemberProps {
  members: readonly Member[];
  busy: boolean;
  groupOf(member: Member): string;
  departmentOf(member: Member): string;
  /** The queues that a member serves. */
  servedBy(member: Member): string;
}

/** The staff: who they are, what they serve, and whether they are there. */
export function PeopleTable({ members, busy, groupOf, departmentOf, servedBy, ...on }: PeopleTableProps) {
  const { t } = useTranslation("settings");
  const roleWord = useRoleWord();
  const columns: readonly Column<Member>[] = [
    {
      id: "person",
      title: t("column.person"),
      isHeading: true,
      className: "settings-person",
      cell: (member) => <Person member={member} />,
    },
    {
      id: "role",
      title: t("column.role"),
      narrow: "untitled",
      cell: (member) => (
        <>
          {roleWord(member.role)}
          <span className="settings-line s2 t3">
            {[departmentOf(member), groupOf(member)].filter((name) => name !== "").join(" · ")}
          </span>
        </>
      ),
    },
    {
      id: "queues",
      title: t("column.queues"),
      className: "s2 t2",
      mayHide: "shown",
      isExtra: true,
      narrow: "nowhere",
      cell: servedBy,
    },
    {
      id: "slots",
      title: t("column.slots"),
      className: "n",
      mayHide: "shown",
      cell: (member) => `${member.open}/${member.capacity}`,
    },
    {
      id: "state",
      title: t("column.state"),
      narrow: "untitled",
      cell: (member) => <Presence member={member} />,
    },
    {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (member) => <MemberActs member={member} {...on} />,
    },
  ];
  return (
    <Table
      label={t("side.people")}
      className="card settings-table"
      remember="people"
      columns={columns}
      rows={members}
      keyOf={({ id }) => id}
      rowClass={({ status }) => (status === "disabled" || status === "removed" ? "settings-off" : undefined)}
      busy={busy}
    />
  );
}

import { useQuery } from "@tanstack/react-query";
import type { Invited, Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Line } from "../lib/conflict";
import { queues } from "../lib/directory";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { proposed, useRoleWord } from "../lib/roles";
import { useEditor } from "../lib/use-editor";
import { inOrder, pathOf } from "./departments";
import { currentMember, departments, groups, useChangeMember, useInvite } from "./queries";
import { useRules } from "./rules";
import { unattendedBy } from "./unattended";

interface PersonFields {
  email: string;
  name: string;
  number: string;
  role: string;
  group: string;
  department: string;
  queues: readonly string[];
  capacity: string;
}
const fieldsOf = (member: Member | null): PersonFields => ({
  email: member?.email ?? "",
  name: member?.name ?? "",
  number: member?.number ?? "",
  role: member?.role ?? proposed,
  group: member?.group ?? "",
  department: member?.department ?? "",
  queues: member?.queues ?? [],
  capacity: String(member?.capacity ?? 5),
});

export type PersonEditor = ReturnType<typeof usePersonEditor>["editor"];

/** A member who is invited or edited, and how the versions of one are told apart. */
export function usePersonEditor(member: Member | null, onInvited: (invited: Invited) => void, onClose: () => void) {
  const { t } = useTranslation("settings");
  const roleWord = useRoleWord();
  const { language } = usePrefs();
  const allGroups = useQuery(groups).data?.items ?? [];
  const placed = inOrder(useQuery(departments).data?.items ?? []);
  /** The department that a group decides. */
  const departmentOf = (group: string) => allGroups.find((one) => one.id === group)?.department ?? null;
  const allQueues = useQuery(queues).data?.items ?? [];
  const invite = useInvite();
  const change = useChangeMember();
  const editor = useEditor({
    record: member,
    fieldsOf,
    shows: ["email", "name", "number", "role", "group", "department", "queues", "capacity"],
    check: ({ email, name, number, capacity }, base) => ({
      email: !/^[^\s@]+@[^\s@]+$/.test(email.trim()) && t("fault.email"),
      name: name.trim() === "" && t("fault.name"),
      number: base !== null && number.trim() === "" && t("fault.number"),
      capacity: (!/^\d{1,3}$/.test(capacity) || Number(capacity) < 1 || Number(capacity) > 100) && t("fault.capacity"),
    }),
    save({ role, ...fields }, base, confirm): Promise<Member | Invited> {
      const number = fields.number.trim();
      const body = {
        email: fields.email.trim(),
        name: fields.name.trim(),
        role,
        group: fields.group === "" ? null : fields.group,
        department: departmentOf(fields.group) ?? (fields.department === "" ? null : fields.department),
        queues: [...fields.queues],
        capacity: Number(fields.capacity),
      };
      return base
        ? change.mutateAsync({ id: base.id, change: { ...body, number, confirm, seen: base.updated_at } })
        : invite.mutateAsync({ ...body, ...(number === "" ? {} : { number }) });
    },
    current: ({ id }) => currentMember(id),
    refused: useRules(),
    doubt: unattendedBy,
    saved: (_, base) => (base ? t("saved") : null),
    onSaved: (answer) => {
      if ("link" in answer) onInvited(answer);
    },
    onClose,
  });
  const queueNames = (ids: readonly string[]) =>
    allQueues
      .filter((queue) => ids.includes(queue.id))
      .map((queue) => say(queue.name, language))
      .join(language === "en" ? ", " : "、");
  const lines = (of: PersonFields): Line[] => [
    { label: t("field.name"), value: of.name, named: true },
    { label: t("field.email"), value: of.email },
    { label: t("field.number"), value: of.number },
    { label: t("field.role"), value: roleWord(of.role) },
    { label: t("field.group"), value: allGroups.find((group) => group.id === of.group)?.name ?? t("group.none") },
    {
      label: t("field.department"),
      value: pathOf(placed, departmentOf(of.group) ?? of.department) || t("department.none"),
    },
    { label: t("field.capacity"), value: of.capacity },
    { label: t("field.queues"), value: queueNames(of.queues) },
  ];
  return { editor, lines, departmentOf, groups: allGroups, queues: allQueues };
}

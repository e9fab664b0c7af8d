import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Invited, Member, Role } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { queues } from "../lib/directory";
import { currentMember, groups, useChangeMember, useInvite } from "./queries";
import { useRules } from "./rules";
import { Unattended, unattendedBy } from "./unattended";

const roles: readonly Role[] = ["agent", "manager", "administrator"];

interface PersonFields {
  email: string;
  name: string;
  number: string;
  role: Role;
  group: string;
  queues: readonly string[];
  capacity: string;
}
const fieldsOf = (member: Member | null): PersonFields => ({
  email: member?.email ?? "",
  name: member?.name ?? "",
  number: member?.number ?? "",
  role: member?.role ?? "agent",
  group: member?.group ?? "",
  queues: member?.queues ?? [],
  capacity: String(member?.capacity ?? 5),
});

/** Invites a member or edits one. Managers manage agents only. */
export function PersonForm({
  member,
  onClose,
  onInvited,
}: {
  member: Member | null;
  onClose(): void;
  onInvited(invited: Invited): void;
}) {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const { language } = usePrefs();
  const me = useMe();
  const allGroups = useQuery(groups).data?.items ?? [];
  const allQueues = useQuery(queues).data?.items ?? [];
  const invite = useInvite();
  const change = useChangeMember();
  const editor = useEditor({
    record: member,
    fieldsOf,
    shows: ["email", "name", "number", "role", "group", "queues", "capacity"],
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
  const { base, fields, set, faults, doubt, busy } = editor;
  const queueNames = (ids: readonly string[]) =>
    allQueues
      .filter((queue) => ids.includes(queue.id))
      .map((queue) => say(queue.name, language))
      .join(language === "en" ? ", " : "、");

  return (
    <FormDialog
      editor={editor}
      title={base ? t("person.edit", { name: base.name }) : t("person.invite")}
      lines={(of) => [
        { label: t("field.name"), value: of.name, named: true },
        { label: t("field.email"), value: of.email },
        { label: t("field.number"), value: of.number },
        { label: t("field.role"), value: shell(`role.${of.role}`) },
        { label: t("field.group"), value: allGroups.find((group) => group.id === of.group)?.name ?? t("group.none") },
        { label: t("field.capacity"), value: of.capacity },
        { label: t("field.queues"), value: queueNames(of.queues) },
      ]}
      instead={
        doubt && (
          <Unattended
            queues={doubt}
            act={t("unattended.save")}
            busy={busy}
            onBack={editor.back}
            onConfirm={editor.confirm}
          />
        )
      }
      saveWord={base ? undefined : t("person.make_link")}
      width="38rem"
    >
      <Field
        label={t("field.email")}
        hint={
          base
            ? fields.email.trim().toLowerCase() === base.email
              ? undefined
              : t("hint.email_changes")
            : t("hint.email")
        }
        error={faults.email}
        required
      >
        {(ids) => (
          <Input
            {...ids}
            type="email"
            autoFocus={!base}
            autoComplete="off"
            spellCheck={false}
            maxLength={254}
            value={fields.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        )}
      </Field>
      <div className="form-two">
        <Field label={t("field.name")} hint={t("hint.name")} error={faults.name} required>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={40}
              value={fields.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("field.number")} hint={t("hint.number")} error={faults.number} required={base !== null}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={20}
              value={fields.number}
              onChange={(event) => set({ number: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="form-two">
        <Field
          label={t("field.role")}
          hint={base && fields.role !== base.role ? t("hint.role_changes") : undefined}
          error={faults.role}
        >
          {({ status: _, ...ids }) => (
            <select {...ids} value={fields.role} onChange={(event) => set({ role: event.target.value as Role })}>
              {roles
                .filter((one) => me.role === "administrator" || one === "agent")
                .map((one) => (
                  <option key={one} value={one}>
                    {shell(`role.${one}`)}
                  </option>
                ))}
            </select>
          )}
        </Field>
        <Field label={t("field.group")} error={faults.group}>
          {({ status: _, ...ids }) => (
            <select {...ids} value={fields.group} onChange={(event) => set({ group: event.target.value })}>
              <option value="">{t("group.none")}</option>
              {allGroups.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field label={t("field.capacity")} hint={t("hint.capacity")} error={faults.capacity} required>
        {(ids) => (
          <Input
            {...ids}
            className="settings-short"
            inputMode="numeric"
            autoComplete="off"
            maxLength={3}
            value={fields.capacity}
            onChange={(event) => set({ capacity: event.target.value })}
          />
        )}
      </Field>
      <CheckGroup
        legend={t("field.queues")}
        options={allQueues.map((queue) => ({
          id: queue.id,
          label: (
            <>
              {say(queue.name, language)}
              {queue.everybody && <span className="s1 t3"> {t("queue.everybody_serves")}</span>}
            </>
          ),
          fixed: queue.everybody,
        }))}
        chosen={fields.queues}
        error={faults.queues}
        onChange={(chosen) => set({ queues: chosen })}
      />
    </FormDialog>
  );
}

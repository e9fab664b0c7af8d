import { Input } from "@yingda/antd";
import type { Invited, Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { RoleOptions } from "../lib/role-options";
import { DepartmentField } from "./department-field";
import { Unattended } from "./unattended";
import { usePersonEditor, type PersonEditor } from "./use-person-editor";

function EmailField({ editor: { base, fields, set, faults } }: { editor: PersonEditor }) {
  const { t } = useTranslation("settings");
  return (
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
  );
}

function RoleField({ editor: { base, fields, set, faults } }: { editor: PersonEditor }) {
  const { t } = useTranslation("settings");
  return (
    <Field
      label={t("field.role")}
      hint={base && fields.role !== base.role ? t("hint.role_changes") : undefined}
      error={faults.role}
    >
      {({ status: _, ...ids }) => (
        <select {...ids} value={fields.role} onChange={(event) => set({ role: event.target.value })}>
          <RoleOptions keep={[base?.role]} />
        </select>
      )}
    </Field>
  );
}

/** Invites a member or edits one. Nobody gives more than they hold. */
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
  const { language } = usePrefs();
  const { editor, lines, departmentOf, groups, queues } = usePersonEditor(member, onInvited, onClose);
  const { base, fields, set, faults, doubt, busy } = editor;
  /** In a group that belongs to a department, everybody belongs to that one. */
  const ofGroup = departmentOf(fields.group);

  return (
    <FormDialog
      editor={editor}
      title={base ? t("person.edit", { name: base.name }) : t("person.invite")}
      lines={lines}
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
      <EmailField editor={editor} />
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
        <RoleField editor={editor} />
        <Field label={t("field.group")} error={faults.group}>
          {({ status: _, ...ids }) => (
            <select {...ids} value={fields.group} onChange={(event) => set({ group: event.target.value })}>
              <option value="">{t("group.none")}</option>
              {groups.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <DepartmentField
        value={ofGroup ?? fields.department}
        hint={ofGroup === null ? undefined : t("hint.department_of_group")}
        error={faults.department}
        disabled={ofGroup !== null}
        onChange={(department) => set({ department })}
      />
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
        options={queues.map((queue) => ({
          id: queue.id,
          label: (
            <>
              <bdi>{say(queue.name, language)}</bdi>
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

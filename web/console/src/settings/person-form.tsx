import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Bilingual, Invited, Member, Role } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Conflict, metBy, type Line } from "../lib/conflict";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { Field, FormFaults, useFaultsOf, type Faults } from "./field";
import { currentMember, groups, queues, useChangeMember, useInvite } from "./queries";
import { Unattended, unattendedBy } from "./unattended";

const roles: readonly Role[] = ["agent", "manager", "administrator"];
const names = ["email", "name", "number", "role", "group", "queues", "capacity"] as const;

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
  const faultsOf = useFaultsOf();
  const allGroups = useQuery(groups).data?.items ?? [];
  const allQueues = useQuery(queues).data?.items ?? [];
  const invite = useInvite();
  const change = useChangeMember();
  const [base, setBase] = useState(member);
  const [fields, setFields] = useState(() => fieldsOf(member));
  const [faults, setFaults] = useState<Faults>({});
  const [other, setOther] = useState<Member | null>(null);
  const [unattended, setUnattended] = useState<readonly Bilingual[] | null>(null);
  const busy = invite.isPending || change.isPending;
  const set = (part: Partial<PersonFields>) => setFields((before) => ({ ...before, ...part }));

  const save = async (seen: number | null, confirm = false) => {
    const { name, number, role, group, capacity } = fields;
    const email = fields.email.trim();
    const found: Record<string, string> = {};
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) found.email = t("fault.email");
    if (name.trim() === "") found.name = t("fault.name");
    if (base && number.trim() === "") found.number = t("fault.number");
    if (!/^\d{1,3}$/.test(capacity) || Number(capacity) < 1 || Number(capacity) > 100)
      found.capacity = t("fault.capacity");
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const common = {
      email,
      name: name.trim(),
      role,
      group: group === "" ? null : group,
      queues: [...fields.queues],
      capacity: Number(capacity),
    };
    try {
      if (base && seen !== null) {
        await change.mutateAsync({ id: base.id, change: { ...common, number: number.trim(), confirm, seen } });
        toast(t("saved"));
      } else
        onInvited(await invite.mutateAsync({ ...common, ...(number.trim() === "" ? {} : { number: number.trim() }) }));
      onClose();
    } catch (error) {
      try {
        const met = base && (await metBy(error, () => currentMember(base.id)));
        if (met && met !== "deleted") {
          setOther(met);
          return;
        }
      } catch (reason) {
        setFaults(faultsOf(reason, []));
        return;
      }
      const left = unattendedBy(error);
      if (left) setUnattended(left);
      else setFaults(faultsOf(error, names));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base?.updated_at ?? null);
  };
  const queueNames = (ids: readonly string[]) =>
    allQueues
      .filter((queue) => ids.includes(queue.id))
      .map((queue) => say(queue.name, language))
      .join(language === "en" ? ", " : "、");
  const lines = (of: PersonFields): Line[] => [
    { label: t("field.name"), value: of.name, named: true },
    { label: t("field.email"), value: of.email },
    { label: t("field.number"), value: of.number },
    { label: t("field.role"), value: shell(`role.${of.role}`) },
    { label: t("field.group"), value: allGroups.find((group) => group.id === of.group)?.name ?? t("group.none") },
    { label: t("field.capacity"), value: of.capacity },
    { label: t("field.queues"), value: queueNames(of.queues) },
  ];

  return (
    <Dialog
      open
      title={base ? t("person.edit", { name: base.name }) : t("person.invite")}
      closeLabel={t("close")}
      onClose={onClose}
      width="38rem"
    >
      {other !== null ? (
        <Conflict
          mine={lines(fields)}
          theirs={lines(fieldsOf(other))}
          onTheirs={() => {
            setBase(other);
            setFields(fieldsOf(other));
            setOther(null);
          }}
          onMine={() => {
            setBase(other);
            setOther(null);
            void save(other.updated_at);
          }}
        />
      ) : unattended !== null ? (
        <Unattended
          queues={unattended}
          act={t("unattended.save")}
          busy={busy}
          onBack={() => setUnattended(null)}
          onConfirm={() => {
            setUnattended(null);
            void save(base?.updated_at ?? null, true);
          }}
        />
      ) : (
        <form className="settings-form" onSubmit={submit} noValidate>
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
          <div className="settings-two">
            <Field label={t("field.name")} hint={t("hint.name")} error={faults.name}>
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
            <Field label={t("field.number")} hint={t("hint.number")} error={faults.number}>
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
          <div className="settings-two">
            <Field
              label={t("field.role")}
              hint={base && fields.role !== base.role ? t("hint.role_changes") : undefined}
              error={faults.role}
            >
              {({ status: _, ...ids }) => (
                <select
                  {...ids}
                  className="settings-select"
                  value={fields.role}
                  onChange={(event) => set({ role: event.target.value as Role })}
                >
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
                <select
                  {...ids}
                  className="settings-select"
                  value={fields.group}
                  onChange={(event) => set({ group: event.target.value })}
                >
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
          <Field label={t("field.capacity")} hint={t("hint.capacity")} error={faults.capacity}>
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
          <fieldset className="settings-set">
            <legend>{t("field.queues")}</legend>
            {allQueues.map((queue) => (
              <label key={queue.id} className="settings-check">
                <input
                  type="checkbox"
                  disabled={queue.everybody}
                  checked={queue.everybody || fields.queues.includes(queue.id)}
                  onChange={(event) =>
                    set({
                      queues: event.target.checked
                        ? [...fields.queues, queue.id]
                        : fields.queues.filter((id) => id !== queue.id),
                    })
                  }
                />
                <span>
                  {say(queue.name, language)}
                  {queue.everybody && <span className="s1 t3"> {t("queue.everybody_serves")}</span>}
                </span>
              </label>
            ))}
            {faults.queues && (
              <span className="field-error" role="alert">
                {faults.queues}
              </span>
            )}
          </fieldset>
          <FormFaults faults={faults} />
          <div className="row settings-acts">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {base ? t("save") : t("person.make_link")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

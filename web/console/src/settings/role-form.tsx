import { Input } from "@yingda/antd";
import type { Contact, Grant, Reach, RoleView } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { reaches } from "../lib/roles";
import { may, useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { currentRole, useChangeRole, useCreateRole } from "./queries";
import { useGrantWords } from "./role-words";

type Possible = { permission: Grant["permission"]; reach: readonly Reach[] };

interface RoleFields {
  name: string;
  about: string;
  /** Each permission with each of its reaches, as `permission:reach`. */
  held: readonly string[];
  hides: readonly Contact[];
}

const contacts: readonly Contact[] = ["phone", "email", "address"];
const heldBy = (role: RoleView | null) =>
  role?.grants.flatMap(({ permission, reach }) => reach.map((one) => `${permission}:${one}`)) ?? [];

function grantsOf(held: readonly string[], permissions: readonly Possible[]): Grant[] {
  return permissions
    .map(({ permission, reach }) => ({
      permission,
      reach: reach.filter((one) => held.includes(`${permission}:${one}`)),
    }))
    .filter(({ reach }) => reach.length > 0);
}

interface RoleFormProps {
  role: RoleView | null;
  /** The role that a new one begins as. */
  like: RoleView | null;
  permissions: readonly Possible[];
  onClose(): void;
}

/** Composes a role or changes one. What the member does not hold cannot be given. */
export function RoleForm({ role, like, permissions, onClose }: RoleFormProps) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const create = useCreateRole();
  const change = useChangeRole();
  const words = useGrantWords();
  const editor = useEditor({
    record: role,
    fieldsOf: (of): RoleFields => ({
      name: of?.name ?? "",
      about: of?.about ?? "",
      held: heldBy(of ?? like),
      hides: (of ?? like)?.hides ?? [],
    }),
    shows: ["name", "about", "grants", "hides"],
    check: ({ name, held }) => ({
      name: name.trim() === "" && t("fault.name"),
      grants: held.length === 0 && t("fault.grants"),
    }),
    save: ({ name, about, held, hides }, base) => {
      const body = { name: name.trim(), about: about.trim(), grants: grantsOf(held, permissions), hides: [...hides] };
      return base?.updated_at
        ? change.mutateAsync({ id: base.id, change: { ...body, seen: base.updated_at } })
        : create.mutateAsync(body);
    },
    current: ({ id }) => currentRole(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults } = editor;
  const given = (permission: Possible["permission"], reach: Reach) =>
    may(me, permission) && reaches(me, permission, "company", reach);
  const chosen = (permission: string) => fields.held.filter((one) => one.startsWith(`${permission}:`));
  const choose = (permission: string, next: readonly string[]) =>
    set({ held: [...fields.held.filter((one) => !one.startsWith(`${permission}:`)), ...next] });
  const plain = permissions.filter(({ reach }) => reach.length === 1);
  const wide = permissions.filter(({ reach }) => reach.length > 1);
  const lines = (of: RoleFields) => [
    { label: t("field.name"), value: of.name, named: true },
    { label: t("field.about"), value: of.about },
    { label: t("field.grants"), value: grantsOf(of.held, permissions).map(words).join("\n") },
    { label: t("field.hides"), value: of.hides.map((one) => t(`contact.${one}`)).join(t("list.comma")) },
  ];
  return (
    <FormDialog editor={editor} title={role ? t("role.edit") : t("role.new")} lines={lines} width="44rem">
      <Field label={t("field.name")} error={faults.name} required>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            autoComplete="off"
            maxLength={40}
            value={fields.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("field.about")} error={faults.about}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={200}
            value={fields.about}
            onChange={(event) => set({ about: event.target.value })}
          />
        )}
      </Field>
      {wide.map(({ permission, reach }) => (
        <CheckGroup
          key={permission}
          legend={t(`permission.${permission}`)}
          options={reach
            .filter((one) => given(permission, one) || chosen(permission).includes(`${permission}:${one}`))
            .map((one) => ({ id: `${permission}:${one}`, label: t(`reach.${one}`) }))}
          chosen={chosen(permission)}
          wide
          onChange={(next) => choose(permission, next)}
        />
      ))}
      <CheckGroup
        legend={t("field.grants")}
        options={plain
          .filter(({ permission }) => given(permission, "company") || chosen(permission).length > 0)
          .map(({ permission }) => ({ id: `${permission}:company`, label: t(`permission.${permission}`) }))}
        chosen={fields.held.filter((one) => plain.some(({ permission }) => one === `${permission}:company`))}
        error={faults.grants}
        wide
        onChange={(next) =>
          set({
            held: [
              ...fields.held.filter((one) => wide.some(({ permission }) => one.startsWith(`${permission}:`))),
              ...next,
            ],
          })
        }
      />
      <CheckGroup
        legend={t("field.hides")}
        options={contacts.map((id) => ({ id, label: t(`contact.${id}`) }))}
        chosen={fields.hides}
        wide
        onChange={(hides) => set({ hides })}
      />
    </FormDialog>
  );
}

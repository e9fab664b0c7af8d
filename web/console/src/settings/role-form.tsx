import { Input } from "@yingda/antd";
import type { Contact, RoleView } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { GrantFields } from "../lib/grant-fields";
import { grantsOf, heldOf, useGrantWords, type Held, type Possible } from "../lib/grants";
import { useEditor } from "../lib/use-editor";
import { currentRole, useChangeRole, useCreateRole } from "./queries";

interface RoleFields {
  name: string;
  about: string;
  held: Held;
  hides: readonly Contact[];
}

const contacts: readonly Contact[] = ["phone", "email", "address"];

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
  const create = useCreateRole();
  const change = useChangeRole();
  const words = useGrantWords();
  const editor = useEditor({
    record: role,
    fieldsOf: (of): RoleFields => ({
      name: of?.name ?? "",
      about: of?.about ?? "",
      held: heldOf((of ?? like)?.grants ?? []),
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
  const lines = (of: RoleFields) => [
    { label: t("field.role_name"), value: of.name, named: true },
    { label: t("field.about"), value: of.about },
    { label: t("field.grants"), value: grantsOf(of.held, permissions).map(words).join("\n") },
    { label: t("field.hides"), value: of.hides.map((one) => t(`contact.${one}`)).join(t("list.comma")) },
  ];
  return (
    <FormDialog editor={editor} title={role ? t("role.edit") : t("role.new")} lines={lines} width="44rem">
      <Field label={t("field.role_name")} error={faults.name} required>
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
      <GrantFields
        possible={permissions}
        held={fields.held}
        error={faults.grants}
        onChange={(held) => set({ held }, "grants")}
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

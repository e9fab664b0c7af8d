import { Input } from "@yingda/antd";
import type { Group } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { currentGroup, useCreateGroup, useRenameGroup } from "./queries";

/** Adds a group or renames one. */
export function GroupForm({ group, onClose }: { group: Group | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const create = useCreateGroup();
  const rename = useRenameGroup();
  const editor = useEditor({
    record: group,
    fieldsOf: (of) => ({ name: of?.name ?? "" }),
    shows: ["name"],
    check: ({ name }) => ({ name: name.trim() === "" && t("fault.name") }),
    save: ({ name }, base) =>
      base
        ? rename.mutateAsync({ id: base.id, name: name.trim(), seen: base.updated_at })
        : create.mutateAsync(name.trim()),
    current: ({ id }) => currentGroup(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  return (
    <FormDialog
      editor={editor}
      title={group ? t("group.rename") : t("group.new")}
      lines={({ name }) => [{ label: t("field.group_name"), value: name, named: true }]}
      width={conflict === null ? "26rem" : "38rem"}
    >
      <Field label={t("field.group_name")} error={faults.name} required>
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
    </FormDialog>
  );
}

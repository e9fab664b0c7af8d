import { Input } from "@yingda/antd";
import type { Group } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { DepartmentField } from "./department-field";
import { currentGroup, useChangeGroup, useCreateGroup } from "./queries";
import { useDepartmentPath } from "./use-department-path";

/** Adds a group, renames one, or moves it to another department. */
export function GroupForm({ group, onClose }: { group: Group | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const create = useCreateGroup();
  const change = useChangeGroup();
  const pathOf = useDepartmentPath();
  const editor = useEditor({
    record: group,
    fieldsOf: (of) => ({ name: of?.name ?? "", department: of?.department ?? "" }),
    shows: ["name", "department"],
    check: ({ name }) => ({ name: name.trim() === "" && t("fault.name") }),
    save(fields, base) {
      const body = { name: fields.name.trim(), department: fields.department === "" ? null : fields.department };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : create.mutateAsync(body);
    },
    current: ({ id }) => currentGroup(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  return (
    <FormDialog
      editor={editor}
      title={group ? t("group.edit") : t("group.new")}
      lines={(of) => [
        { label: t("field.group_name"), value: of.name, named: true },
        { label: t("field.department"), value: pathOf(of.department) || t("department.none") },
      ]}
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
      <DepartmentField
        value={fields.department}
        error={faults.department}
        onChange={(department) => set({ department })}
      />
    </FormDialog>
  );
}

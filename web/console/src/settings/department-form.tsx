import { Input } from "@yingda/antd";
import type { Department } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { DepartmentSelect } from "./department-select";
import { inOrder, pathOf, withBelow } from "./departments";
import { currentDepartment, useChangeDepartment, useCreateDepartment } from "./queries";

interface DepartmentFormProps {
  department: Department | null;
  /** The one that a new department is part of at first. */
  parent: string | null;
  all: readonly Department[];
  onClose(): void;
}

/** Adds a department, renames one, or moves it. */
export function DepartmentForm({ department, parent, all, onClose }: DepartmentFormProps) {
  const { t } = useTranslation("settings");
  const create = useCreateDepartment();
  const change = useChangeDepartment();
  const editor = useEditor({
    record: department,
    fieldsOf: (of) => ({ name: of?.name ?? "", parent: (of === null ? parent : of.parent) ?? "" }),
    shows: ["name", "parent"],
    check: ({ name }) => ({ name: name.trim() === "" && t("fault.name") }),
    save(fields, base) {
      const body = { name: fields.name.trim(), parent: fields.parent === "" ? null : fields.parent };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : create.mutateAsync(body);
    },
    current: ({ id }) => currentDepartment(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  const placed = inOrder(all);
  return (
    <FormDialog
      editor={editor}
      title={department ? t("department.edit") : t("department.new")}
      lines={(of) => [
        { label: t("field.department_name"), value: of.name, named: true },
        { label: t("field.parent"), value: pathOf(placed, of.parent) || t("department.top") },
      ]}
      width={conflict === null ? "26rem" : "38rem"}
    >
      <Field label={t("field.department_name")} error={faults.name} required>
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
      <Field label={t("field.parent")} error={faults.parent}>
        {({ status: _, ...ids }) => (
          <DepartmentSelect
            ids={ids}
            none={t("department.top")}
            value={fields.parent}
            {...(department === null ? {} : { without: withBelow(all, department.id) })}
            onChange={(chosen) => set({ parent: chosen })}
          />
        )}
      </Field>
    </FormDialog>
  );
}

import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { DepartmentSelect } from "./department-select";

interface DepartmentFieldProps {
  value: string;
  error: string | undefined;
  hint?: string | undefined;
  disabled?: boolean;
  onChange(department: string): void;
}

/** The department that somebody or something belongs to, or none. */
export function DepartmentField({ value, error, hint, disabled, onChange }: DepartmentFieldProps) {
  const { t } = useTranslation("settings");
  return (
    <Field label={t("field.department")} hint={hint} error={error}>
      {({ status: _, ...ids }) => (
        <DepartmentSelect ids={ids} none={t("department.none")} value={value} disabled={disabled} onChange={onChange} />
      )}
    </Field>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { FieldIds } from "../lib/field";
import { inOrder } from "./departments";
import { departments } from "./queries";

interface DepartmentSelectProps {
  /** What ties the control to its label. */
  ids: Omit<FieldIds, "status">;
  /** The word for none. */
  none: string;
  value: string;
  disabled?: boolean;
  /** Those that cannot be chosen. */
  without?: ReadonlySet<string>;
  onChange(value: string): void;
}

/** One of the departments, each with its place in the tree, or none. */
export function DepartmentSelect({ ids, none, value, disabled = false, without, onChange }: DepartmentSelectProps) {
  const placed = inOrder(useQuery(departments).data?.items ?? []);
  return (
    <select {...ids} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
      <option value="">{none}</option>
      {placed
        .filter(({ department }) => !without?.has(department.id))
        .map(({ department, path }) => (
          <option key={department.id} value={department.id}>
            {path.join(" / ")}
          </option>
        ))}
    </select>
  );
}

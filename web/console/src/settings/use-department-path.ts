import { useQuery } from "@tanstack/react-query";
import { inOrder, pathOf } from "./departments";
import { departments } from "./queries";

/** Names a department with those above it; empty for none. */
export function useDepartmentPath(): (department: string | null) => string {
  const placed = inOrder(useQuery(departments).data?.items ?? []);
  return (department) => pathOf(placed, department);
}

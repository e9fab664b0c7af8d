import type { Me, Permission, Reach, RoleView } from "@yingda/api/types";
import { useQuery, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useTranslation } from "react-i18next";
import { builtIn, isBuiltIn, type BuiltIn } from "./built-in-roles";
import { may, useMe } from "./session";

/** The role that is proposed for somebody new. */
export const proposed: BuiltIn = builtIn[0];

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => call("GET", "/roles", { signal }),
});

/** Whether the member may read the list of roles. */
export const mayListRoles = (me: Me) => may(me, "people.manage") || may(me, "roles.manage");

/** A role to be chosen. */
type Choice = Pick<RoleView, "id" | "name" | "may_give">;

/** The roles there are. A member who may not read the list sees the built-in ones, and can give none of them. */
export function useRoles(): readonly Choice[] {
  const listed = useQuery({ ...rolesQuery, enabled: mayListRoles(useMe()) }).data?.items;
  return listed ?? builtIn.map((id) => ({ id, name: null, may_give: false }));
}

/** Whether the reach of a permission goes to what belongs to others of a group, of a department or of the whole company. */
export const reaches = (me: Pick<Me, "grants">, permission: Permission, ...any: readonly Reach[]) =>
  me.grants.some((one) => one.permission === permission && one.reach.some((reach) => any.includes(reach)));

/** Whether the member may read every conversation of the company. */
export const readsEverything = (me: Pick<Me, "grants">) =>
  reaches(me, "desk", "company") || reaches(me, "conversations.read", "company");

/** Names a role in words: a built-in one in the language of the page, a composed one as the company named it. */
export function useRoleWord(): (role: string, name?: string | null) => string {
  const { t } = useTranslation("shell");
  const me = useMe();
  const all = useQuery({ ...rolesQuery, enabled: mayListRoles(me) }).data?.items;
  return (role, name) => {
    if (isBuiltIn(role)) return t(`role.${role}`);
    return name ?? all?.find((one) => one.id === role)?.name ?? t(all ? "role.removed" : "role.composed");
  };
}

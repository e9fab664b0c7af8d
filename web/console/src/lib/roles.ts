import type { Me, Permission, Reach } from "@yingda/api/types";
import { useQuery, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useTranslation } from "react-i18next";
import { may, useMe } from "./session";

/** The built-in roles; any other is the id of one that the company composed. */
export const builtIn = [
  "agent",
  "senior_agent",
  "supervisor",
  "manager",
  "knowledge_editor",
  "account_manager",
  "administrator",
  "auditor",
] as const;
type BuiltIn = (typeof builtIn)[number];

const isBuiltIn = (role: string): role is BuiltIn => (builtIn as readonly string[]).includes(role);

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => call("GET", "/roles", { signal }),
});

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
  const all = useQuery({ ...rolesQuery, enabled: may(me, "people.manage") || may(me, "roles.manage") }).data?.items;
  return (role, name) => {
    if (isBuiltIn(role)) return t(`role.${role}`);
    return name ?? all?.find((one) => one.id === role)?.name ?? t("role.removed");
  };
}

/** The word of a role for somebody who is not signed in. */
export function useBuiltInWord(): (role: string, name: string | null) => string {
  const { t } = useTranslation("shell");
  return (role, name) => (isBuiltIn(role) ? t(`role.${role}`) : (name ?? t("role.removed")));
}

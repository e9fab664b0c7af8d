import { useTranslation } from "react-i18next";

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
export type BuiltIn = (typeof builtIn)[number];

export const isBuiltIn = (role: string): role is BuiltIn => (builtIn as readonly string[]).includes(role);

/** The word of a role for somebody who is not signed in. */
export function useBuiltInWord(): (role: string, name: string | null) => string {
  const { t } = useTranslation("shell");
  return (role, name) => (isBuiltIn(role) ? t(`role.${role}`) : (name ?? t("role.removed")));
}

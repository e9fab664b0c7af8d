import { useQuery } from "@tanstack/react-query";
import type { Grant, Reach } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { mayListRoles, rolesQuery } from "./roles";
import { useMe } from "./session";

/** A permission with the reaches that can be chosen for it. */
export type Possible = Pick<Grant, "permission"> & { reach: readonly Reach[] };

/** Grants as they are chosen: each permission with each of its reaches, as `permission:reach`. */
export type Held = readonly string[];

export const heldOf = (grants: readonly Grant[]): Held =>
  grants.flatMap(({ permission, reach }) => reach.map((one) => `${permission}:${one}`));

export const grantsOf = (held: Held, possible: readonly Possible[]): Grant[] =>
  possible
    .map(({ permission, reach }) => ({
      permission,
      reach: reach.filter((one) => held.includes(`${permission}:${one}`)),
    }))
    .filter(({ reach }) => reach.length > 0);

/** Of what the member can choose where they give permissions: all there is, or what they hold if they may not read the list. */
export function usePossible(): readonly Possible[] {
  const me = useMe();
  const lists = mayListRoles(me);
  const { data, isError } = useQuery({ ...rolesQuery, enabled: lists });
  return data?.permissions ?? (lists && !isError ? [] : me.grants);
}

/** Whether a permission has no objects, so that nothing is to be said of how far it reaches. */
export const isPlain = (permission: Possible["permission"]) =>
  permission !== "desk" && permission !== "conversations.read" && !permission.startsWith("people.");

/** Says what a permission with its reaches allows. */
export function useGrantWords(): (grant: Possible) => string {
  const { t } = useTranslation("settings");
  const reachWords = useReachWords();
  return ({ permission, reach }) => {
    const what = t(`permission.${permission}`);
    return isPlain(permission) ? what : t("role.grant", { what, reach: reachWords(reach) });
  };
}

/** Says whom or what reaches cover. */
export function useReachWords(): (reach: readonly Reach[]) => string {
  const { t } = useTranslation("settings");
  return (reach) =>
    reach.includes("company") ? t("reach.company") : reach.map((one) => t(`reach.${one}`)).join(t("list.comma"));
}

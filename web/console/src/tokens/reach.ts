import type { Permission, Scope } from "@yingda/api/types";

/** How far a permission can reach, the narrowest first; those not named here always reach everything of the company. */
const several: Partial<Record<Permission, readonly Scope[]>> = {
  desk: ["own", "company"],
  "people.manage": ["agents", "company"],
};
const whole: readonly Scope[] = ["company"];

export const reachesOf = (permission: Permission): readonly Scope[] => several[permission] ?? whole;

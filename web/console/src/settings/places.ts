import type { Me, Permission } from "@yingda/api/types";

export type SettingsPath =
  | "/settings/people"
  | "/settings/groups"
  | "/settings/queues"
  | "/settings/company"
  | "/settings/sites"
  | "/settings/webhooks";
export interface SettingsPlace {
  to: SettingsPath;
  word: "side.people" | "side.groups" | "side.queues" | "side.company" | "side.sites" | "side.webhooks";
}

const all: readonly (SettingsPlace & { needs: Permission })[] = [
  { to: "/settings/people", word: "side.people", needs: "people.manage" },
  { to: "/settings/groups", word: "side.groups", needs: "people.manage" },
  { to: "/settings/queues", word: "side.queues", needs: "queues.manage" },
  { to: "/settings/company", word: "side.company", needs: "settings" },
  { to: "/settings/sites", word: "side.sites", needs: "settings" },
  { to: "/settings/webhooks", word: "side.webhooks", needs: "integrations" },
];

/** The settings pages this member may open, in the order of the side list. */
export const settingsPlaces = (me: Pick<Me, "permissions">): readonly SettingsPlace[] =>
  all.filter((place) => me.permissions.includes(place.needs));

import type { Me, Permission } from "@yingda/api/types";
import type { TourName } from "../lib/learning";
import type { Page } from "../shell/areas";

/** A step of a tour: a place on a page, marked there with `data-tour`, and what is said of it (`tour:step.<id>`). */
export interface Step {
  id: string;
  /** The page; null for what is on every page. */
  at: Page["to"] | null;
  anchor: string;
  needs: Permission | null;
}

const step = (id: string, at: Step["at"] = null, needs: Permission | null = null, anchor = id): Step => ({
  id,
  at,
  anchor,
  needs,
});

/** The steps of each tour; everybody sees those of what they may open. */
export const allSteps: Record<TourName, readonly Step[]> = {
  agent: [
    step("rail"),
    step("search"),
    step("desk", "/inbox", "desk"),
    step("state", "/inbox", "desk"),
    step("canned", "/bot/canned-replies"),
    step("answers", "/bot/answers", "knowledge.curate"),
    step("me"),
    step("help"),
  ],
  manager: [
    step("floor", "/floor/now", "people.follow"),
    step("live", "/floor/live", "panel"),
    step("history", "/reports/history", "panel"),
    step("bot_report", "/reports/bot", "panel"),
    step("boards", "/reports/boards", "panel"),
    step("publish", "/bot/answers", "knowledge.edit", "answers"),
    step("people", "/settings/people", "people.manage"),
    step("announcements", "/announcements"),
  ],
  administrator: [
    step("sites", "/settings/sites", "settings"),
    step("company", "/settings/company", "settings"),
    step("invite", "/settings/people", "people.manage", "people"),
    step("roles", "/settings/roles", "people.manage"),
    step("queues", "/settings/queues", "queues.manage"),
    step("sign_in", "/settings/sign-in", "settings"),
    step("webhooks", "/settings/webhooks", "integrations"),
    step("audit", "/settings/audit", "audit"),
  ],
};

export const stepsOf = (tour: TourName, { permissions }: Pick<Me, "permissions">): readonly Step[] =>
  allSteps[tour].filter(({ needs }) => needs === null || permissions.includes(needs));

/** The tour of somebody that shows a page. */
export const tourThrough = (all: readonly TourName[], to: string, me: Pick<Me, "permissions">): TourName | undefined =>
  all.findLast((tour) => stepsOf(tour, me).some(({ at }) => at === to));

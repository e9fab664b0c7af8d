import type { Me } from "@yingda/api/types";
import { createStore } from "./store";

/** The guided tours, in the order in which they are taken. */
export const tours = ["agent", "manager", "administrator"] as const;
export type TourName = (typeof tours)[number];

/** What is open of what teaches the console: the help, and a tour with the address of the page at which it begins, if it is not the first. */
export interface Learning {
  help: boolean;
  tour: { name: TourName; at: string | null } | null;
}

const nothing: Learning = { help: false, tour: null };
export const learning = createStore<Learning>(nothing);

export const turnHelp = (help: boolean) => learning.set((now) => (now.help === help ? now : { ...now, help }));
export const startTour = (name: TourName, at: string | null = null) =>
  learning.set((now) => ({ ...now, tour: { name, at } }));
export const leaveTour = () => learning.set((now) => (now.tour === null ? now : { ...now, tour: null }));
export const learnNothing = () => learning.set(nothing);

/** The tours that somebody has, as the server says it (`content::lesson`): by what they may do. */
export function toursOf({ permissions }: Pick<Me, "permissions">): TourName[] {
  const may = (...some: Me["permissions"]) => some.some((one) => permissions.includes(one));
  return [
    "agent",
    ...(may("people.follow", "panel") ? (["manager"] as const) : []),
    ...(may("settings") ? (["administrator"] as const) : []),
  ];
}

/** The tour that is offered first. */
export const ownTour = (me: Pick<Me, "permissions">): TourName => toursOf(me).at(-1) ?? "agent";

/** The name by which the server knows a tour. */
export const lessonOf = (tour: TourName) => `tour:${tour}`;
/** The tour of a lesson, if it is one. */
export const tourOf = (lesson: string): TourName | undefined => tours.find((tour) => lessonOf(tour) === lesson);

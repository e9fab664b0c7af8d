import type { WarehouseDay, WarehouseJobs, WarehouseRun } from "@yingda/api/types";

export const isOpen = (run: WarehouseRun | null): boolean => run?.state === "waiting" || run?.state === "running";

/** Whether anything runs that the page should follow closely. */
export const isBusy = ({ jobs }: WarehouseJobs): boolean =>
  jobs.some(({ state }) => state === "waiting" || state === "running");

/** What is shown of a day: the run that goes on, or the one that ended last. */
export function latest({ verify, recount }: WarehouseDay): WarehouseRun | null {
  if (isOpen(recount)) return recount;
  const ended = (run: WarehouseRun | null) => run?.ended_at ?? -1;
  return ended(recount) > ended(verify) ? recount : verify;
}

/** How far something has come, from 0 to 100. */
export const share = ({ done, total }: { done: number; total: number }): number =>
  total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;

const tones = {
  idle: "ok",
  fine: "ok",
  waiting: "",
  running: "",
  behind: "warn",
  mismatch: "hot",
  failed: "hot",
} as const;

/** The colour of a state; its word says the same. */
export const toneOf = (state: keyof typeof tones): string => (tones[state] === "" ? "tag" : `tag ${tones[state]}`);

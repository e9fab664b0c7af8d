import type { Wall, WallQueue } from "@yingda/api/types";

/** Numbers older than this are no longer current: the frame turns amber. */
export const oldAfterMs = 10_000;
/** The lines of waiting customers end here; longer waits are shown at the end. */
export const lineMs = 120_000;

/** `m:ss` below an hour, `h:mm:ss` above; without a leading zero, because it is read from afar. */
export function wait(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return hours > 0
    ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

export type WaitLevel = "calm" | "soon" | "late";
/** Calm up to the target; late above three times the target. */
export const levelOf = (ms: number, target: number): WaitLevel =>
  ms <= target ? "calm" : ms <= 3 * target ? "soon" : "late";

export type Alarm = WaitLevel;
/** Who waits longer than this was not answered in time, in milliseconds: the server's wall and the indicator `answered_in_time` say the same. */
export const waitTarget = 20_000;
/** When nobody has a free slot: late while somebody waits, and soon while somebody is on shift. */
export const staffAlarm = (available: number, onShift: number, waiting: number): Alarm =>
  available > 0 ? "calm" : waiting > 0 ? "late" : onShift > 0 ? "soon" : "calm";

/** The width of a number on the wall with its unit, as a multiple of its font size. */
export const widthOf = (value: string, unit = "") =>
  [...value].reduce((sum, sign) => sum + (/\d/.test(sign) ? 0.71 : 0.42), 0) + unit.length * 0.45;

/** Customers who have waited about equally long share one mark: the longest of their waits, and their number. */
export interface Heap {
  share: number;
  level: WaitLevel;
  people: number;
}
/** Marks closer to each other than this would overlap. */
const apart = 0.06;

function heapsOf(waits: readonly number[], target: number): Heap[] {
  const heaps: Heap[] = [];
  for (const ms of waits.toSorted((one, other) => other - one)) {
    const share = Math.min(1, ms / lineMs);
    const last = heaps.at(-1);
    if (last && last.share - share < apart) last.people += 1;
    else heaps.push({ share, level: levelOf(ms, target), people: 1 });
  }
  return heaps;
}

export interface Line {
  queue: WallQueue;
  waiting: number;
  heaps: Heap[];
  longest: number | null;
}

/** The queues in which someone waits, longest wait first; then the empty ones. */
export function linesOf(wall: Wall, now: number): Line[] {
  const lines = wall.queues.map((queue) => {
    const waits = queue.since.map((since) => Math.max(0, now - since));
    return {
      queue,
      waiting: waits.length,
      heaps: heapsOf(waits, wall.target_ms),
      longest: waits.length === 0 ? null : Math.max(...waits),
    };
  });
  return lines.sort((one, other) => (other.longest ?? -1) - (one.longest ?? -1));
}

export type AgentShape = keyof Wall["agents"];
export const agentShapes: readonly AgentShape[] = ["available", "full", "busy", "on_break", "unreachable", "offline"];
export const atWork = (wall: Wall) =>
  wall.agents.available + wall.agents.full + wall.agents.busy + wall.agents.on_break;

/** The mean of the five minutes around each minute: single minutes fluctuate. */
export const smooth = (values: readonly number[]) =>
  values.map((_, index) => {
    const near = values.slice(Math.max(0, index - 2), index + 3);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });

type Tone = "hot" | "soon" | undefined;
const tone: Record<Alarm, Tone> = { calm: undefined, soon: "soon", late: "hot" };

/** How the two tiles that may alarm stand out. Only one of them is filled: that nobody is free is why people wait. */
export function alarmsOf(wall: Wall, waited: number | null): { wait: Tone; staff: Tone } {
  const staff = tone[staffAlarm(wall.agents.available, atWork(wall), wall.waiting)];
  const isLate = waited !== null && levelOf(waited, wall.target_ms) === "late";
  return { staff, wait: isLate ? (staff === "hot" ? "soon" : "hot") : undefined };
}

import type { Pending } from "@yingda/api/unsent";

/** What is needed of the part with the form for what it is about. */
interface Asking {
  askFirst(): void;
  onUntold(p: Pending, code: string): unknown;
}

/** How that part is fetched, as `main.ts` says: what is said here is known to the part, and may not know it. */
export const asking = { load: (): Promise<Asking> => Promise.reject() };

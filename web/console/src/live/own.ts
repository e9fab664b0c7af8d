import { prefs, readPrefs } from "../lib/prefs";
import { createStore, useStore } from "../lib/store";
import { browserPlace } from "./place";

/** How a person has arranged their work on this device. Kept in this browser for each person, also after signing out. */
export interface Own {
  /** The widths of the list and of the customer's pane, in rem; null for the usual ones. */
  list: number | null;
  customer: number | null;
  /** After so many minutes of work without a break, one is suggested; null for never. */
  breakAfter: number | null;
  /** No movement, no colour but for what is overdue, no sound but for offers and alerts. */
  calm: boolean;
}

const usual: Own = { list: null, customer: null, breakAfter: null, calm: false };

/** The stretches of work after which a break can be suggested, in minutes. */
export const stretches: readonly number[] = [45, 60, 90, 120];

const keyOf = (agent: string) => `yingda.console.own.${agent}`;

/** Accepts only values of the right form: the storage may contain anything. */
export function readOwn(text: string | null): Own {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? "null");
  } catch {
    raw = null;
  }
  if (typeof raw !== "object" || raw === null) return usual;
  const value = raw as Record<string, unknown>;
  const width = (of: unknown) => (typeof of === "number" && of > 0 && of < 100 ? of : null);
  return {
    list: width(value.list),
    customer: width(value.customer),
    breakAfter: stretches.find((one) => one === value.breakAfter) ?? null,
    calm: value.calm === true,
  };
}

export const own = createStore<Own>(usual);
export const useOwn = () => useStore(own);

let owner: string | null = null;

function show() {
  const { calm } = own.get();
  document.documentElement.toggleAttribute("data-calm", calm);
  if (calm) void import("./calm.css");
}

/** After signing in; null once nobody is signed in any more. */
export function adoptOwn(agent: string | null) {
  owner = agent;
  own.set(agent === null ? usual : readOwn(browserPlace.get(keyOf(agent))));
  show();
}

// Another tab has arranged it differently, or chosen something else: a choice made here adds to that.
addEventListener("storage", ({ key, newValue }) => {
  if (owner === null) return;
  if (key === keyOf(owner)) {
    own.set(readOwn(newValue));
    show();
  } else if (key === `yingda.console.prefs.${owner}`) prefs.set(readPrefs(newValue, prefs.get()));
});

export function keepOwn(change: Partial<Own>) {
  own.set((before) => ({ ...before, ...change }));
  if (owner !== null) browserPlace.set(keyOf(owner), JSON.stringify(own.get()));
  show();
}

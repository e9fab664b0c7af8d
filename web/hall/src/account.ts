/** Who is signed in. The server is not asked until someone has signed in here once: a first visit makes no such request. */
import { home } from "@yingda/api/home";
import { Problem } from "@yingda/api/client";
import type { Customer } from "@yingda/api/types";
import { useEffect, useState } from "preact/hooks";
import { call } from "./api";

/** `undefined` while it is not known, `null` if nobody is signed in. */
export type Account = Customer | null | undefined;

const place = `yingda-hall-account${home}`;
const watchers = new Set<() => void>();
let account: Account;
let asking: Promise<void> | undefined;

function hinted(): boolean {
  try {
    return localStorage.getItem(place) !== null;
  } catch {
    // Storage is refused: the server has to be asked.
    return true;
  }
}

function hint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(place, "1");
    else localStorage.removeItem(place);
  } catch {
    return;
  }
}

/** Applies what an answer said about who is signed in. */
export function setAccount(next: Customer | null): void {
  account = next;
  hint(next !== null);
  for (const changed of watchers) changed();
}

/** Asks who is signed in; a failure that says nothing about it leaves it unknown, and is passed on. */
export function askAccount(): Promise<void> {
  asking ??= call("GET", "/customer")
    .then(setAccount, (error: unknown) => {
      if (error instanceof Problem && error.code === "not_signed_in") setAccount(null);
      else throw error;
    })
    .finally(() => (asking = undefined));
  return asking;
}

export function useAccount(): Account {
  const [, redraw] = useState(0);
  useEffect(() => {
    const changed = (): void => redraw((n) => n + 1);
    watchers.add(changed);
    if (account === undefined) {
      if (hinted()) void askAccount().catch(() => undefined);
      else setAccount(null);
    }
    // Another tab signed in or out.
    const elsewhere = ({ key }: StorageEvent): void => {
      if (key === place) void askAccount().catch(() => undefined);
    };
    addEventListener("storage", elsewhere);
    return () => {
      watchers.delete(changed);
      removeEventListener("storage", elsewhere);
    };
  }, []);
  return account;
}

/** A ticket for the chat, or null if there is none. */
export async function ticket(): Promise<string | null> {
  try {
    return (await call("POST", "/customer/widget-ticket")).ticket;
  } catch {
    return null;
  }
}

import { home } from "@yingda/api/home";
import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer } from "@yingda/api/operations";

const place = /^((?:\/o\/[^/]+)?)\/practice$/.exec(home);

const company = place?.[1] ?? home;

export const practice = {
  /** Whether this is the console of those who practise: nothing that is done there counts. */
  isOn: place !== null,
  /** Leads to the console in which everything counts. */
  toCompany: (path: string) => location.assign(`${company}/console${path}`),
};
/** Leads to the console for practice. */
export const toPractice = (path: string) => location.assign(`${company}/practice/console${path}`);

/** A page of the company that is not the console's, such as one of its hall. */
export const ofCompany = (path: string) => company + path;

export type PracticeRun = NonNullable<Answer<"GET", "/practice-run">["run"]>;

/** The exercises, and which of them the reader has finished. */
export const exercises = queryOptions({
  queryKey: ["practice", "exercises"],
  queryFn: ({ signal }) => call("GET", "/practice-exercises", { signal }),
});

/** What is being practised just now. */
export const practiceRun = queryOptions({
  queryKey: ["practice", "run"],
  queryFn: ({ signal }) => call("GET", "/practice-run", { signal }),
});

export const leavePractice = () => call("POST", "/practice-run/leave");

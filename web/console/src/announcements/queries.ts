import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";
import { announcements } from "../lib/announcements";
import { useChange } from "../lib/mutations";

const { queryKey: key } = announcements;

export type Announcement = Answer<"GET", "/staff-announcements">["items"][number];

/** To whom an announcement is addressed, and who has read it. */
export const readersOf = (id: string) =>
  queryOptions({
    queryKey: [...key, id, "readers"],
    queryFn: ({ signal }) => call("GET", "/staff-announcements/{id}/readers", { path: { id }, signal }),
  });

export const useAnnounce = () =>
  useChange([key], (body: Body<"POST", "/staff-announcements">) => call("POST", "/staff-announcements", { body }));
export const useConfirm = () =>
  useChange([key], (id: string) => call("POST", "/staff-announcements/{id}/read", { path: { id } }));
export const useWithdraw = () =>
  useChange([key], (id: string) => call("DELETE", "/staff-announcements/{id}", { path: { id } }));

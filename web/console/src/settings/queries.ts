import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type {
  Company,
  CompanySite,
  CompanySites,
  Group,
  Groups,
  Invited,
  Member,
  MemberChange,
  Members,
  NewMember,
  OpeningHours,
  Queue,
  Queues,
  Bilingual,
  StaffSessions,
} from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { PeopleSearch } from "./people-search";

export const people = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ["people", search],
    queryFn: ({ pageParam, signal }) =>
      call<Members>("GET", "/staff", { query: { ...search, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const groups = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) => call<Groups>("GET", "/groups", { signal }),
});
export const queues = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => call<Queues>("GET", "/queues", { signal }),
});
export const company = queryOptions({
  queryKey: ["company"],
  queryFn: ({ signal }) => call<Company>("GET", "/company", { signal }),
});
export const sites = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => call<CompanySites>("GET", "/company/sites", { signal }),
});
export const memberSessions = (id: string) =>
  queryOptions({
    queryKey: ["people", id, "sessions"],
    queryFn: ({ signal }) => call<StaffSessions>("GET", `/staff/${id}/sessions`, { signal }),
  });

// Current versions, for a user who was told that someone else was faster.
export const currentMember = (id: string) => call<Member>("GET", `/staff/${id}`);
export const currentGroup = async (id: string) =>
  (await call<Groups>("GET", "/groups")).items.find((group) => group.id === id) ?? null;
export const currentQueue = async (id: string) =>
  (await call<Queues>("GET", "/queues")).items.find((queue) => queue.id === id) ?? null;
export const currentSite = async (id: string) =>
  (await call<CompanySites>("GET", "/company/sites")).items.find((site) => site.id === id) ?? null;
export const currentCompany = () => call<Company>("GET", "/company");

const staff = [["people"], ["groups"], ["queues"], ["colleagues"]];
export const useInvite = () => useChange(staff, (body: NewMember) => call<Invited>("POST", "/staff", { body }));
export const useChangeMember = () =>
  useChange(staff, ({ id, change }: { id: string; change: MemberChange }) =>
    call<Member>("PATCH", `/staff/${id}`, { body: change }),
  );
export const useRenewLink = () => useChange([["people"]], (id: string) => call<Invited>("POST", `/staff/${id}/link`));
export const useEndSession = () =>
  useChange([["people"]], ({ member, session }: { member: string; session: string }) =>
    call<undefined>("DELETE", `/staff/${member}/sessions/${session}`),
  );

export const useCreateGroup = () =>
  useChange([["groups"]], (name: string) => call<Group>("POST", "/groups", { body: { name } }));
export const useRenameGroup = () =>
  useChange([["groups"]], ({ id, name, seen }: { id: string; name: string; seen: number }) =>
    call<Group>("PATCH", `/groups/${id}`, { body: { name, seen } }),
  );
export const useDeleteGroup = () => useChange([["groups"]], (id: string) => call<undefined>("DELETE", `/groups/${id}`));

export interface QueueFields {
  name: Bilingual;
  everybody: boolean;
  members: string[];
  hours: OpeningHours | null;
}
export const useCreateQueue = () =>
  useChange([["queues"]], (body: QueueFields & { confirm: boolean }) => call<Queue>("POST", "/queues", { body }));
export const useChangeQueue = () =>
  useChange([["queues"]], ({ id, change }: { id: string; change: QueueFields & { confirm: boolean; seen: number } }) =>
    call<Queue>("PATCH", `/queues/${id}`, { body: change }),
  );
export const useDeleteQueue = () => useChange([["queues"]], (id: string) => call<undefined>("DELETE", `/queues/${id}`));

export interface CompanyFields {
  name: Bilingual;
  time_zone: string;
  brand: string | null;
  hours: OpeningHours | null;
}
export const useChangeCompany = () =>
  useChange([["company"], ["queues"], ["me"]], (change: CompanyFields & { seen: number }) =>
    call<Company>("PATCH", "/company", { body: change }),
  );

export type SiteFields = Pick<
  CompanySite,
  | "key"
  | "queue"
  | "name"
  | "bot_name"
  | "greeting"
  | "privacy_note"
  | "brand"
  | "side"
  | "questions"
  | "origins"
  | "asks_rating"
  | "message_when_unstaffed"
>;
export const useCreateSite = () =>
  useChange([["sites"]], (body: SiteFields) => call<CompanySite>("POST", "/company/sites", { body }));
export const useChangeSite = () =>
  useChange(
    [["sites"]],
    ({ id, change }: { id: string; change: Partial<SiteFields> & { state?: CompanySite["state"]; seen: number } }) =>
      call<CompanySite>("PATCH", `/company/sites/${id}`, { body: change }),
  );
export const useDeleteSite = () =>
  useChange([["sites"]], (id: string) => call<undefined>("DELETE", `/company/sites/${id}`));

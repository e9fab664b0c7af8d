import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { type Body, urlOf } from "@yingda/api/operations";
import type { CompanySite, MemberChange, NewMember } from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { PeopleSearch } from "./people-search";

export const people = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ["people", search],
    queryFn: ({ pageParam, signal }) => call("GET", "/staff", { query: { ...search, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const groups = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) => call("GET", "/groups", { signal }),
});
export const departments = queryOptions({
  queryKey: ["departments"],
  queryFn: ({ signal }) => call("GET", "/departments", { signal }),
});
export const skills = queryOptions({
  queryKey: ["skills"],
  queryFn: ({ signal }) => call("GET", "/skills", { signal }),
});
export const company = queryOptions({
  queryKey: ["company"],
  queryFn: ({ signal }) => call("GET", "/company", { signal }),
});
export const companyUse = queryOptions({
  queryKey: ["company", "use"],
  queryFn: ({ signal }) => call("GET", "/company/use", { signal }),
});
export const signInRules = queryOptions({
  queryKey: ["sign-in-rules"],
  queryFn: ({ signal }) => call("GET", "/sign-in-rules", { signal }),
});
export const addressRules = queryOptions({
  queryKey: ["address-rules"],
  queryFn: ({ signal }) => call("GET", "/address-rules", { signal }),
});
export const currentAddressRules = () => call("GET", "/address-rules");
export const sites = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => call("GET", "/company/sites", { signal }),
});
/** Where the snippet was seen: asked again and again, so that who has just put it into a page sees that it is there. */
export const installation = (id: string) =>
  queryOptions({
    queryKey: ["sites", id, "installation"],
    queryFn: ({ signal }) => call("GET", "/company/sites/{id}/installation", { path: { id }, signal }),
    refetchInterval: 5_000,
  });
export const siteSecrets = (id: string) =>
  queryOptions({
    queryKey: ["sites", id, "secrets"],
    queryFn: ({ signal }) => call("GET", "/company/sites/{id}/secrets", { path: { id }, signal }),
  });
export const embeddings = queryOptions({
  queryKey: ["embeddings"],
  queryFn: ({ signal }) => call("GET", "/company/embeddings", { signal }),
  refetchInterval: 15_000,
});
export const memberSessions = (id: string) =>
  queryOptions({
    queryKey: ["people", id, "sessions"],
    queryFn: ({ signal }) => call("GET", "/staff/{id}/sessions", { path: { id }, signal }),
  });

// Current versions, for a user who was told that someone else was faster.
export const currentMember = (id: string) => call("GET", "/staff/{id}", { path: { id } });
export const currentGroup = async (id: string) =>
  (await call("GET", "/groups")).items.find((group) => group.id === id) ?? null;
export const currentDepartment = async (id: string) =>
  (await call("GET", "/departments")).items.find((department) => department.id === id) ?? null;
export const currentQueue = async (id: string) =>
  (await call("GET", "/queues")).items.find((queue) => queue.id === id) ?? null;
export const currentSkill = async (id: string) =>
  (await call("GET", "/skills")).items.find((skill) => skill.id === id) ?? null;
export const currentSite = async (id: string) =>
  (await call("GET", "/company/sites")).items.find((site) => site.id === id) ?? null;
export const currentCompany = () => call("GET", "/company");

const staff = [["people"], ["groups"], ["departments"], ["roles"], ["queues"], ["colleagues"]];
export const useInvite = () => useChange(staff, (body: NewMember) => call("POST", "/staff", { body }));
export const useChangeMember = () =>
  useChange(staff, ({ id, change }: { id: string; change: MemberChange }) =>
    call("PATCH", "/staff/{id}", { path: { id }, body: change }),
  );
/** What a member would leave behind who goes now. */
export const memberWork = (id: string) =>
  queryOptions({
    queryKey: ["people", id, "work"],
    queryFn: ({ signal }) => call("GET", "/staff/{id}/work", { path: { id }, signal }),
    staleTime: 0,
  });
export const useRemoveMember = () =>
  useChange(staff, ({ id, ...query }: { id: string; seen: number; confirm?: boolean; move_to?: string }) =>
    call("DELETE", "/staff/{id}", { path: { id }, query }),
  );
/** What a file or a list would do. */
export const previewInvitations = (file: Blob) => call("POST", "/staff-invitations/preview", { file });
export const useInviteMany = () =>
  useChange(staff, (body: Body<"POST", "/staff-invitations">) => call("POST", "/staff-invitations", { body }));
export const useRenewLink = () =>
  useChange([["people"]], (id: string) => call("POST", "/staff/{id}/link", { path: { id } }));
export const useResetSecondStep = () =>
  useChange([["people"]], (id: string) => call("DELETE", "/staff/{id}/second-step", { path: { id } }));
export const useEndSession = () =>
  useChange([["people"]], ({ member, session }: { member: string; session: string }) =>
    call("DELETE", "/staff/{id}/sessions/{session}", { path: { id: member, session } }),
  );

export const useCreateGroup = () =>
  useChange(staff, (body: Body<"POST", "/groups">) => call("POST", "/groups", { body }));
export const useChangeGroup = () =>
  useChange(staff, ({ id, ...body }: { id: string } & Body<"PATCH", "/groups/{id}">) =>
    call("PATCH", "/groups/{id}", { path: { id }, body }),
  );
export const useDeleteGroup = () =>
  useChange([["groups"], ["departments"]], (id: string) => call("DELETE", "/groups/{id}", { path: { id } }));

export const useCreateSkill = () =>
  useChange([["skills"]], (body: Body<"POST", "/skills">) => call("POST", "/skills", { body }));
export const useChangeSkill = () =>
  useChange([["skills"]], ({ id, ...body }: { id: string } & Body<"PATCH", "/skills/{id}">) =>
    call("PATCH", "/skills/{id}", { path: { id }, body }),
  );
/** Who waits for a skill, who has it, and what asks for it. */
export const skillUses = (id: string) =>
  queryOptions({
    queryKey: ["skills", id, "uses"],
    queryFn: ({ signal }) => call("GET", "/skills/{id}/uses", { path: { id }, signal }),
    staleTime: 0,
  });
export const useDeleteSkill = () =>
  useChange([["skills"]], ({ id, ...query }: { id: string; seen: number; confirm: boolean; move_to?: string }) =>
    call("DELETE", "/skills/{id}", { path: { id }, query }),
  );

export const useCreateDepartment = () =>
  useChange([["departments"]], (body: Body<"POST", "/departments">) => call("POST", "/departments", { body }));
export const useChangeDepartment = () =>
  useChange([["departments"]], ({ id, ...body }: { id: string } & Body<"PATCH", "/departments/{id}">) =>
    call("PATCH", "/departments/{id}", { path: { id }, body }),
  );
export const useDeleteDepartment = () =>
  useChange(staff, (id: string) => call("DELETE", "/departments/{id}", { path: { id } }));

export const currentRole = async (id: string) =>
  (await call("GET", "/roles")).items.find((role) => role.id === id) ?? null;
export const useCreateRole = () =>
  useChange([["roles"]], (body: Body<"POST", "/roles">) => call("POST", "/roles", { body }));
export const useChangeRole = () =>
  useChange([["roles"], ["me"]], ({ id, change }: { id: string; change: Body<"PATCH", "/roles/{id}"> }) =>
    call("PATCH", "/roles/{id}", { path: { id }, body: change }),
  );
export const useDeleteRole = () =>
  useChange([["roles"]], (id: string) => call("DELETE", "/roles/{id}", { path: { id } }));

export const useCreateQueue = () =>
  useChange([["queues"]], (body: Body<"POST", "/queues">) => call("POST", "/queues", { body }));
export const useChangeQueue = () =>
  useChange([["queues"]], ({ id, change }: { id: string; change: Body<"PATCH", "/queues/{id}"> }) =>
    call("PATCH", "/queues/{id}", { path: { id }, body: change }),
  );
/** What belongs to a queue, or leads to it. */
export const queueUses = (id: string) =>
  queryOptions({
    queryKey: ["queues", id, "uses"],
    queryFn: ({ signal }) => call("GET", "/queues/{id}/uses", { path: { id }, signal }),
    staleTime: 0,
  });
export const useDeleteQueue = () =>
  useChange(
    [["queues"], ["sites"], ["question-kinds"], ["skills"], ["left-messages"]],
    ({ id, ...query }: { id: string; move_to?: string }) => call("DELETE", "/queues/{id}", { path: { id }, query }),
  );

export const useChangeCompany = () =>
  useChange([["company"], ["queues"], ["me"]], (change: Body<"PATCH", "/company">) =>
    call("PATCH", "/company", { body: change }),
  );

export const useSetSignInRules = () =>
  useChange([["sign-in-rules"], ["me", "second-step"]], (rules: Body<"PUT", "/sign-in-rules">) =>
    call("PUT", "/sign-in-rules", { body: rules }),
  );

export const useSetAddressRules = () =>
  useChange([["address-rules"]], (rules: Body<"PUT", "/address-rules">) =>
    call("PUT", "/address-rules", { body: rules }),
  );

export type SiteFields = Pick<
  CompanySite,
  | "key"
  | "queue"
  | "name"
  | "bot_name"
  | "greeting"
  | "closed_greeting"
  | "privacy_note"
  | "brand"
  | "side"
  | "questions"
  | "origins"
  | "asks_rating"
  | "rating_reasons"
  | "message_when_unstaffed"
  | "offer_after_misses"
  | "help_lines"
>;
export const useCreateSite = () =>
  useChange([["sites"]], (body: SiteFields) => call("POST", "/company/sites", { body }));
export const useChangeSite = () =>
  useChange([["sites"]], ({ id, change }: { id: string; change: Body<"PATCH", "/company/sites/{id}"> }) =>
    call("PATCH", "/company/sites/{id}", { path: { id }, body: change }),
  );
export const useCreateSecret = () =>
  useChange([["sites"]], ({ id, ...body }: { id: string } & Body<"POST", "/company/sites/{id}/secrets">) =>
    call("POST", "/company/sites/{id}/secrets", { path: { id }, body }),
  );
export const useLookAs = () => useChange([], (role: string) => call("POST", "/me/view", { body: { role } }));
export const useRevokeSecret = () =>
  useChange([["sites"]], (secret: { id: string; kid: string }) =>
    call("DELETE", "/company/sites/{id}/secrets/{kid}", { path: secret }),
  );
export const useDeleteSite = () =>
  useChange([["sites"]], (id: string) => call("DELETE", "/company/sites/{id}", { path: { id } }));

/** How often an archive that is being written is looked at, in milliseconds. */
const archiveAgain = 2_000;
export const companyArchive = queryOptions({
  queryKey: ["company-archive"],
  queryFn: ({ signal }) => call("GET", "/company/archive", { signal }),
  refetchInterval: ({ state }) => (state.data?.state === "running" ? archiveAgain : false),
});
export const archiveUrl = urlOf("/company/archive/file");
export const useMakeArchive = () =>
  useChange([["company-archive"]], (body: Body<"POST", "/company/archive">) =>
    call("POST", "/company/archive", { body }),
  );
export const useRemoveArchive = () => useChange([["company-archive"]], () => call("DELETE", "/company/archive"));
/** Also reads again who is signed in, as prices are written in the currency that this says, and all that has prices. */
export const useSetCurrency = () =>
  useChange([["me"], ["goods"], ["plans"]], (currency: string) =>
    call("PUT", "/goods-currency", { body: { currency } }),
  );

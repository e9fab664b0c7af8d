import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";
import type { PlansSearch } from "./search";

/** The key prefix of everything about plans; a push about the catalogue makes all of it stale. */
export const plansKey = ["goods", "plans"] as const;

export const plans = ({ q, state, deleted }: Omit<PlansSearch, "open">) =>
  queryOptions({
    queryKey: [...plansKey, "list", q ?? "", state ?? "", deleted ?? false],
    queryFn: ({ signal }) => call("GET", "/plans", { query: { q, state, deleted }, signal }),
    placeholderData: (before) => before,
  });
export const plan = (id: string) =>
  queryOptions({
    queryKey: [...plansKey, "one", id],
    queryFn: ({ signal }) => call("GET", "/plans/{id}", { path: { id }, signal }),
  });

export const useCreatePlan = () =>
  useChange([plansKey], (body: Body<"POST", "/plans">) => call("POST", "/plans", { body }));
/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const useUpdatePlan = () =>
  useChange([plansKey], ({ id, ...body }: { id: string } & Body<"PATCH", "/plans/{id}">) =>
    call("PATCH", "/plans/{id}", { path: { id }, body }),
  );
export const useDeletePlan = () =>
  useChange([plansKey], (id: string) => call("DELETE", "/plans/{id}", { path: { id } }));
export const useRestorePlan = () =>
  useChange([plansKey], (id: string) => call("POST", "/plans/{id}/restore", { path: { id } }));

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { DeliveryState, Webhook } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

/** The key prefix of everything about webhooks. */
export const webhooksKey = ["webhooks"] as const;
/** How often numbers and lists are refreshed while they are on screen, in milliseconds. */
const again = 5000;
/** How often a test is polled until it has ended, in milliseconds. */
const soon = 500;

export type WebhookFields = Pick<Webhook, "url" | "description" | "events" | "bodies">;

export const webhooks = queryOptions({
  queryKey: [...webhooksKey, "list"],
  queryFn: ({ signal }) => call("GET", "/webhooks", { signal }),
  refetchInterval: again,
});

export const currentWebhook = async (id: string) =>
  (await call("GET", "/webhooks")).items.find((webhook) => webhook.id === id) ?? null;

export const deliveries = (webhook: string, state: DeliveryState) =>
  infiniteQueryOptions({
    queryKey: [...webhooksKey, webhook, "deliveries", state],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/webhooks/{id}/deliveries", { path: { id: webhook }, query: { state, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: again,
  });

export const delivery = (webhook: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey, webhook, "delivery", id],
    queryFn: ({ signal }) =>
      call("GET", "/webhooks/{id}/deliveries/{delivery}", { path: { id: webhook, delivery: id }, signal }),
    refetchInterval: (query) => (query.state.data?.state === "pending" ? soon : false),
  });

export const useCreateWebhook = () =>
  useChange([webhooksKey], (fields: WebhookFields) => call("POST", "/webhooks", { body: fields }));

export const useUpdateWebhook = () =>
  useChange(
    [webhooksKey],
    ({ webhook, change }: { webhook: Webhook; change: Partial<WebhookFields> & { enabled?: boolean } }) =>
      call("PATCH", "/webhooks/{id}", { path: { id: webhook.id }, body: { ...change, seen: webhook.updated_at } }),
  );

export const useDeleteWebhook = () =>
  useChange([webhooksKey], (id: string) => call("DELETE", "/webhooks/{id}", { path: { id } }));

export const useRotateSecret = () =>
  useChange([webhooksKey], (id: string) => call("POST", "/webhooks/{id}/secret", { path: { id } }));

export const useSendTest = () =>
  useChange([webhooksKey], (id: string) => call("POST", "/webhooks/{id}/test", { path: { id } }));

export const useReplay = () =>
  useChange([webhooksKey], ({ webhook, id }: { webhook: string; id: string }) =>
    call("POST", "/webhooks/{id}/deliveries/{delivery}/replay", { path: { id: webhook, delivery: id } }),
  );

/** Replays all dead letters: the server takes some at a time and says how many are left. */
export const useReplayAll = () =>
  useChange([webhooksKey], async (webhook: string) => {
    let all = 0;
    for (;;) {
      const { replayed, left } = await call("POST", "/webhooks/{id}/replay", { path: { id: webhook } });
      all += replayed;
      if (left === 0 || replayed === 0) return all;
    }
  });

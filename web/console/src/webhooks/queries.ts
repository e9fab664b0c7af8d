import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type {
  Deliveries,
  Delivery,
  DeliveryDetail,
  DeliveryState,
  EventType,
  Replayed,
  Webhook,
  Webhooks,
  WebhookWithSecret,
} from "@yingda/api/types";
import { useChange } from "../lib/mutations";

/** The key prefix of everything about webhooks. */
export const webhooksKey = ["webhooks"] as const;
/** How often numbers and lists are refreshed while they are on screen, in milliseconds. */
const again = 5000;
/** How often a test is polled until it has ended, in milliseconds. */
const soon = 500;

export interface WebhookFields {
  url: string;
  description: string;
  events: EventType[];
  bodies: boolean;
}

export const webhooks = queryOptions({
  queryKey: [...webhooksKey, "list"],
  queryFn: ({ signal }) => call<Webhooks>("GET", "/webhooks", { signal }),
  refetchInterval: again,
});

export const deliveries = (webhook: string, state: DeliveryState) =>
  infiniteQueryOptions({
    queryKey: [...webhooksKey, webhook, "deliveries", state],
    queryFn: ({ pageParam, signal }) =>
      call<Deliveries>("GET", `/webhooks/${webhook}/deliveries`, { query: { state, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: again,
  });

export const delivery = (webhook: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey, webhook, "delivery", id],
    queryFn: ({ signal }) => call<DeliveryDetail>("GET", `/webhooks/${webhook}/deliveries/${id}`, { signal }),
    refetchInterval: (query) => (query.state.data?.state === "pending" ? soon : false),
  });

export const useCreateWebhook = () =>
  useChange([webhooksKey], (fields: WebhookFields) => call<WebhookWithSecret>("POST", "/webhooks", { body: fields }));

export const useUpdateWebhook = () =>
  useChange(
    [webhooksKey],
    ({ webhook, change }: { webhook: Webhook; change: Partial<WebhookFields> & { enabled?: boolean } }) =>
      call<Webhook>("PATCH", `/webhooks/${webhook.id}`, { body: { ...change, seen: webhook.updated_at } }),
  );

export const useDeleteWebhook = () =>
  useChange([webhooksKey], (id: string) => call<undefined>("DELETE", `/webhooks/${id}`));

export const useRotateSecret = () =>
  useChange([webhooksKey], (id: string) => call<WebhookWithSecret>("POST", `/webhooks/${id}/secret`));

export const useSendTest = () =>
  useChange([webhooksKey], (id: string) => call<Delivery>("POST", `/webhooks/${id}/test`));

export const useReplay = () =>
  useChange([webhooksKey], ({ webhook, id }: { webhook: string; id: string }) =>
    call<Delivery>("POST", `/webhooks/${webhook}/deliveries/${id}/replay`),
  );

/** Replays all dead letters: the server takes some at a time and says how many are left. */
export const useReplayAll = () =>
  useChange([webhooksKey], async (webhook: string) => {
    let all = 0;
    for (;;) {
      const { replayed, left } = await call<Replayed>("POST", `/webhooks/${webhook}/replay`);
      all += replayed;
      if (left === 0 || replayed === 0) return all;
    }
  });

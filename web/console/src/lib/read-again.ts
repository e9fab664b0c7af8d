import type { InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";

/**
 * Refetches the queries that match these filters, if they are shown. A query that is being read for the first time is read once more when it is done: it may
 * have been read before the change, and the query client would take that answer for the new one.
 */
export async function readAgain(client: QueryClient, filters: InvalidateQueryFilters): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: "fetching" })
    .filter((query) => query.state.data === undefined);
  const readOnceMore = first.map(async ({ queryKey, promise }) => {
    await promise?.catch(() => undefined);
    await client.invalidateQueries({ queryKey, exact: true });
  });
  await Promise.all([client.invalidateQueries(filters), ...readOnceMore]);
}

/** The company's queues, the colleagues and the categories of answers, which pages of several areas name. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

export const queues = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => call("GET", "/queues", { signal }),
});

export const colleagues = queryOptions({
  queryKey: ["colleagues"],
  queryFn: ({ signal }) => call("GET", "/colleagues", { signal }),
  staleTime: 0,
});
/** The categories of the bot's answers, including those that nobody has named. Its key lies under that of the knowledge. */
export const answerCategories = queryOptions({
  queryKey: ["knowledge", "categories"],
  queryFn: ({ signal }) => call("GET", "/knowledge/categories", { signal }),
});

/** What the company decided for its floor, with the reasons for a break. */
export const floorSettings = queryOptions({
  queryKey: ["floor-settings"],
  queryFn: ({ signal }) => call("GET", "/floor/settings", { signal }),
});

import { useMutation } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";

export type Exercise = Answer<"GET", "/practice-exercises">["items"][number];

type Begin = { key: string } & Body<"POST", "/practice-exercises/{key}/begin">;

/** Begins an exercise; the page is left for the desk on which it is served. */
export const useBegin = () =>
  useMutation({
    mutationFn: ({ key, ...body }: Begin) => call("POST", "/practice-exercises/{key}/begin", { path: { key }, body }),
  });

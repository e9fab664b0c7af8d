import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";
import { solve } from "@yingda/api/puzzle";

/** A code is on its way: what is sent back with it, and until when. */
export type OpeningRequested = Answer<"POST", "/company-openings">;

export const openingOffer = queryOptions({
  queryKey: ["opening-offer"],
  staleTime: Infinity,
  retry: false,
  queryFn: ({ signal }) => call("GET", "/company-openings", { signal }),
});

/** Has a code sent; the server requires a proof of work. */
export async function requestOpening(
  body: Omit<Body<"POST", "/company-openings">, "proof">,
): Promise<OpeningRequested> {
  const { puzzle, bits } = await call("GET", "/customer/puzzle");
  return call("POST", "/company-openings", {
    body: { ...body, proof: { puzzle, solution: await solve(puzzle, bits) } },
  });
}

export const confirmOpening = (body: Body<"POST", "/company-openings/confirm">) =>
  call("POST", "/company-openings/confirm", { body });

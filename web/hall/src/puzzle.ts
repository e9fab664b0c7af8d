/** Proofs of work for registering and signing in, prepared while the user is still typing. */
import { solve } from "@yingda/api/puzzle";
import type { Proof } from "@yingda/api/types";
import { call } from "./api";

let ready: Promise<Proof> | undefined;

/** Starts early, while the user is still typing. */
export function prepareProof(): void {
  ready ??= call("GET", "/customer/puzzle").then(async ({ puzzle, bits }) => ({
    puzzle,
    solution: await solve(puzzle, bits),
  }));
  ready.catch(() => (ready = undefined));
}

/** A proof that has not been used yet. */
export async function takeProof(): Promise<Proof> {
  prepareProof();
  const proof = ready;
  ready = undefined;
  return (await proof) as Proof;
}

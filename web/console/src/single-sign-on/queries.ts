import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

export type ConnectionBody = Body<"PUT", "/single-sign-on">;

const key = ["single-sign-on"] as const;

export const singleSignOn = queryOptions({
  queryKey: key,
  queryFn: ({ signal }) => call("GET", "/single-sign-on", { signal }),
});

export const currentConnection = async () => (await call("GET", "/single-sign-on")).connection;

export const useSetUp = () => useChange([key], (body: ConnectionBody) => call("PUT", "/single-sign-on", { body }));

export const useRemove = () => useChange([key], () => call("DELETE", "/single-sign-on"));

export const useTest = () => useChange([], () => call("GET", "/single-sign-on/test"));

export const useEmergencyLink = () => useChange([["people"]], () => call("POST", "/single-sign-on/emergency-link"));

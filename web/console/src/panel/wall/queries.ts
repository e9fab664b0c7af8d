import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { wallLinks } from "../queries";

export function useMakeWallLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body<"POST", "/wall-links">) => call("POST", "/wall-links", { body }),
    onSettled: () => client.invalidateQueries({ queryKey: wallLinks.queryKey }),
  });
}

export function useRevokeWallLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("DELETE", "/wall-links/{id}", { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: wallLinks.queryKey }),
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { WallLinkWithToken } from "@yingda/api/types";
import { wallLinks } from "../queries";

export function useMakeWallLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; days: number }) => call<WallLinkWithToken>("POST", "/wall-links", { body }),
    onSettled: () => client.invalidateQueries({ queryKey: wallLinks.queryKey }),
  });
}

export function useRevokeWallLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>("DELETE", `/wall-links/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: wallLinks.queryKey }),
  });
}

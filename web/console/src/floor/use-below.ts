import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { may, useMe } from "../lib/session";
import { misses } from "../panel/model";
import { firstPanel, indicators } from "../panel/queries";

/** The share of today's waits in a queue that were answered in time, and what it should be. */
export interface Below {
  share: number;
  target: number;
}

const every = 15_000;

/** The queues in which fewer of today's waits were answered in time than the target of the service level, for those who may see it. */
export function useBelow(): ReadonlyMap<string, Below> {
  const enabled = may(useMe(), "panel");
  const { data: panel } = useQuery({ ...firstPanel, enabled, refetchInterval: every });
  const { data: definitions } = useQuery({ ...indicators, enabled });
  return useMemo(() => {
    const target = definitions?.find(({ key }) => key === "service_level")?.target ?? null;
    return new Map(
      (panel?.queues ?? []).flatMap(({ id, service_level: share }): [string, Below][] =>
        target !== null && share !== null && misses(share, target) ? [[id, { share, target: target.value }]] : [],
      ),
    );
  }, [panel, definitions]);
}

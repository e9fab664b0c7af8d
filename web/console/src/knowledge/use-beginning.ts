import type { KnowledgeEntry, UnansweredGroup } from "@yingda/api/types";
import { useState } from "react";
import type { Beginning } from "./new-entry";
import { useSettle } from "./queries";

export type Beginnings = ReturnType<typeof useBeginning>;

/** An entry that is about to be created, and the questions it is created from, which are settled once it is. */
export function useBeginning(onOpen: (id: string) => void) {
  const settle = useSettle();
  const [begun, setBegun] = useState<{ beginning: Beginning; group: UnansweredGroup | null } | null>(null);
  // The entry was created, but the questions it was created from could not be settled: the reason.
  const [unsettled, setUnsettled] = useState<Error | null>(null);
  const settleNow = (what: Parameters<typeof settle.mutate>[0]) =>
    settle.mutate(what, { onSuccess: () => setUnsettled(null), onError: setUnsettled });
  return {
    beginning: begun?.beginning ?? null,
    begin: (beginning: Beginning, group: UnansweredGroup | null = null) => setBegun({ beginning, group }),
    end: () => setBegun(null),
    onMade: (made: KnowledgeEntry) => {
      const group = begun?.group;
      setBegun(null);
      if (group) settleNow({ asked: group.asked, settled: "answered", entry: made.id });
      onOpen(made.id);
    },
    unsettled,
    settling: settle.isPending,
    settleAgain: () => {
      if (settle.variables) settleNow(settle.variables);
    },
  };
}

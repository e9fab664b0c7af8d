import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Conversation, LabelRef } from "@yingda/api/types";
import { Suspense, useEffect, useRef, useState, type ReactElement } from "react";
import { partOf } from "../lib/parts";
import { labels } from "../labels/queries";
import { useLive } from "../live/context";

const LabelDialog = partOf(async () => (await import("./label-dialog")).LabelDialog);
const LikelyLabels = partOf(async () => (await import("./label-dialog")).LikelyLabels);

const none: readonly LabelRef[] = [];

/** Labelling the open conversation; and, before it is resolved without a label, the ones that are likely. */
export function useLabels(
  id: string,
  of: Pick<Conversation, "labels"> | undefined,
  resolve: () => void,
  customer: string,
) {
  const live = useLive();
  const queryClient = useQueryClient();
  const given = of?.labels ?? none;
  const { data } = useQuery(labels);
  // What the agent gives most often is another order once a label was given.
  const had = given.map(({ id }) => id).join(" ");
  const before = useRef({ id, had });
  useEffect(() => {
    if (before.current.id === id && before.current.had !== had)
      void queryClient.invalidateQueries({ queryKey: labels.queryKey });
    before.current = { id, had };
  }, [queryClient, id, had]);
  const [open, setOpen] = useState<{ id: string; what: "labels" | "likely" } | null>(null);
  const shown = open?.id === id ? open.what : null;
  const close = () => setOpen(null);
  const give = (ids: string[]) => live.send(id, { type: "label", labels: ids });
  const likely = (data?.likely ?? []).flatMap((one) => data?.items.find((label) => label.id === one) ?? []);
  const dialog: ReactElement | null = shown && (
    <Suspense fallback={null}>
      {shown === "labels" ? (
        <LabelDialog given={given} onClose={close} onLabel={give} />
      ) : (
        <LikelyLabels
          customer={customer}
          likely={likely}
          onClose={close}
          onResolve={(label) => {
            close();
            if (label !== null) give([label]);
            resolve();
          }}
        />
      )}
    </Suspense>
  );
  return {
    dialog,
    /** Does nothing in a conversation that somebody else has. */
    label: () => of && setOpen({ id, what: "labels" }),
    /** Asks only where there is no label yet, and some are likely. */
    resolve: () => (given.length === 0 && likely.length > 0 && of ? setOpen({ id, what: "likely" }) : resolve()),
  };
}

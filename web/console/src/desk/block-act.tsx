import type { ConversationDetail } from "@yingda/api/types";
import { Suspense, useState } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { useUnblock } from "../blocks/queries";
import { Icon } from "../lib/icon";
import { useRefused } from "../lib/mutations";
import { Tip } from "../lib/tip";
import { toast } from "../lib/toast";

const BlockDialog = partOf(async () => (await import("./block-dialog")).BlockDialog);

/** Blocks the visitor of a conversation, or lifts that: what a button of it says and does, and the dialog that asks why. */
export function useBlocking(id: string, customer: string, block: ConversationDetail["visitor"]["block"]) {
  const { t } = useTranslation("desk");
  const [open, setOpen] = useState(false);
  const refused = useRefused();
  const unblock = useUnblock();
  return {
    word: t(block ? "block.lift" : "block"),
    isBlocked: block !== null,
    isBusy: unblock.isPending,
    run: () => {
      if (block) unblock.mutate(id, { onSuccess: () => toast(t("block.lifted")), onError: refused });
      else setOpen(true);
    },
    dialog: open && (
      <Suspense fallback={null}>
        <BlockDialog id={id} customer={customer} onClose={() => setOpen(false)} />
      </Suspense>
    ),
  };
}

export type Blocking = ReturnType<typeof useBlocking>;

/** Its button above the conversation; where there is little room, it is in the menu. */
export function BlockAct({ of }: { of: Blocking }) {
  const { word, isBlocked, isBusy, run } = of;
  return (
    <Tip name={word}>
      <button
        type="button"
        className={isBlocked ? "ib hot head-block" : "ib head-block"}
        aria-label={word}
        disabled={isBusy}
        onClick={run}
      >
        <Icon name="mute" />
      </button>
    </Tip>
  );
}

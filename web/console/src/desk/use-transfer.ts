import { useState, type ComponentType } from "react";
import { bring } from "@yingda/api/bring";
import { tellMissing } from "../lib/missing";
import { useIdle } from "../lib/use-idle";
import type { TransferProps } from "./transfer-dialog";

const load = async () => (await import("./transfer-dialog")).TransferDialog;
const early = () => void load().catch(() => undefined);

/** The dialog that transfers a conversation, and how it is opened. It is loaded with its first opening, or before that, once the page is used. */
export function useTransfer() {
  const [open, setOpen] = useState(false);
  const [Loaded, setLoaded] = useState<ComponentType<TransferProps> | null>(null);
  useIdle(early);
  const transfer = () => {
    bring(load).then((dialog) => {
      setLoaded(() => dialog);
      setOpen(true);
    }, tellMissing);
  };
  return { Transfer: Loaded, transferring: open, transfer, close: () => setOpen(false) };
}

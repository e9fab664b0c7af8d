import { useRouter, type RouterHistory } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useStore } from "../lib/store";
import { isLoose, isUnsaved, unsaved } from "../lib/unsaved";
import { LeaveDialog } from "./leave-dialog";

type Leaving = Parameters<Parameters<RouterHistory["block"]>[0]["blockerFn"]>[0];

/** A page that changes its own address, as it does when a form opens or closes, is not asked, unless a form is part of it; Back is. */
const leaves = ({ action, currentLocation, nextLocation }: Leaving) =>
  isUnsaved() &&
  ((action !== "PUSH" && action !== "REPLACE") ||
    nextLocation.pathname !== currentLocation.pathname ||
    (isLoose() && nextLocation.search !== currentLocation.search));

/** Asks before an open form is left whose words are not saved: by Back, by a link, by closing the tab or by a reload. */
export function LeaveGuard() {
  const { history } = useRouter();
  const guards = useStore(unsaved) > 0;
  const [decide, setDecide] = useState<((stays: boolean) => void) | null>(null);
  useEffect(() => {
    if (!guards) return;
    return history.block({
      enableBeforeUnload: isUnsaved,
      async blockerFn(leaving) {
        if (!leaves(leaving)) return false;
        const stays = await new Promise<boolean>((resolve) => setDecide(() => resolve));
        setDecide(null);
        return stays;
      },
    });
  }, [guards, history]);
  return decide && <LeaveDialog onLeave={() => decide(false)} onStay={() => decide(true)} />;
}

import { useBlocker, type ShouldBlockFn } from "@tanstack/react-router";
import { useStore } from "../lib/store";
import { unsaved } from "../lib/unsaved";
import { LeaveDialog } from "./leave-dialog";

const isUnsaved = () => unsaved.get() > 0;
/** What a page itself changes in its address, such as the form that is open, leaves nothing; Back does. */
const leaves: ShouldBlockFn = ({ action, current, next }) =>
  isUnsaved() && ((action !== "PUSH" && action !== "REPLACE") || next.pathname !== current.pathname);

/** Asks before an open form is left whose words are not saved: by Back, by a link, by closing the tab or by a reload. */
export function LeaveGuard() {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: leaves,
    enableBeforeUnload: isUnsaved,
    disabled: useStore(unsaved) === 0,
    withResolver: true,
  });
  return status === "blocked" && <LeaveDialog onLeave={proceed} onStay={reset} />;
}

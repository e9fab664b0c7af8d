import { home } from "@yingda/api/home";
import type { ConversationView } from "@yingda/api/conversation";
import { responseTimes } from "@yingda/api/response-times";
import type { Frame } from "@yingda/api/stream";
import { ask } from "./ask";

/**
 * Measures how long messages wait for their acknowledgement, questions for the bot, and the page for its site; reports it without anything about the visitor.
 * Loaded with the connection: before that, the widget tells the server nothing.
 */
export function measuring(site: `/sites/${string}`): (f: Frame, before: ConversationView) => void {
  const note = responseTimes((times) => void ask(`${site}/response-times`, times).catch(() => undefined));
  /** when the question was sent that the bot has not answered yet */
  let asked = 0;
  // the chat can be used once its site has arrived
  const [read] = performance.getEntriesByName(`${location.origin}${home}/api/v1${site}`);
  if (read) note("page", (read as PerformanceResourceTiming).responseEnd);
  return (f, { pending, state }) => {
    /** When a message was sent, if this page sent it: what an earlier page wrote has waited for this one. */
    const sentAt = (id: string | null | undefined): number => {
      const at = pending.find((p) => p.client_id === id)?.at ?? 0;
      return at > performance.timeOrigin ? at : 0;
    };
    if (state !== "bot") asked = 0;
    if (f.t === "ok") {
      const at = sentAt(f.client_id);
      if (at) note("send_to_ack", Date.now() - at);
    } else if (f.t === "entries")
      for (const e of f.entries)
        if (e.kind === "message") {
          if (e.by.kind === "customer") {
            // the bot waits for further files before it answers one
            if (/^(text|choice)$/.test(e.body?.type ?? "")) asked ||= sentAt(e.client_id);
          } else {
            if (e.by.kind === "bot" && asked) note("question_to_answer", Date.now() - asked);
            asked = 0;
          }
        }
  };
}

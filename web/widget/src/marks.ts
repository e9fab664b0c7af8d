import { applyFrame, unreadOf } from "@yingda/api/conversation";
import { known, stream } from "./connection";
import { toHost } from "./host";
import { pick } from "./text";
import { ui } from "./ui";

/** Reports how far the other side's messages arrived and were read, and how many are unread. */
export function seen(): void {
  const { c } = ui;
  if (c.id && known && c.ord.staff) {
    const read = ui.open && !document.hidden ? c.ord.staff : c.marks.customer.read;
    stream?.mark(c.id, c.ord.staff, read);
    ui.c = applyFrame(c, { t: "marks", stream: c.id, customer: { received: c.ord.staff, read } });
  }
  const n = unreadOf(ui.c, "customer");
  toHost({ do: "unread", n });
  if (ui.hosted && ui.site) document.title = (n && document.hidden ? `(${n}) ` : "") + pick(ui.site.name);
}

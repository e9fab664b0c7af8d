import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Dialog } from "@yingda/antd";
import { Suspense, useCallback, useRef, useState, type ComponentProps, type CSSProperties } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { choose, usePrefs } from "../lib/prefs";
import { useWide } from "../lib/use-wide";
import { useConversation, useLive, useWaitingForMe } from "../live/context";
import { groupMine, nextWaiting, order } from "../live/lists";
import { ConversationPane } from "./conversation-pane";
import { useOwn } from "../live/own";
import { ListPane } from "./list-pane";
import "./desk.css";
import "./conversation.css";
import "./composer.css";

/** What stands beside the conversation comes after it. */
const Customer = partOf(async () => (await import("./customer-pane")).CustomerPane);
const Edge = partOf(async () => (await import("./pane-edge")).PaneEdge);

const CustomerPane = (props: ComponentProps<typeof Customer>) => (
  <Suspense fallback={null}>
    <Customer {...props} />
  </Suspense>
);
const PaneEdge = (props: ComponentProps<typeof Edge>) => (
  <Suspense fallback={null}>
    <Edge {...props} />
  </Suspense>
);

function OpenConversation({ id }: { id: string }) {
  const { t } = useTranslation("desk");
  const prefs = usePrefs();
  const wide = useWide();
  const [drawer, setDrawer] = useState(false);
  const view = useConversation(id);
  const shown = wide && prefs.customerPane;
  const toggle = () => {
    if (wide) choose({ customerPane: !prefs.customerPane });
    else setDrawer((before) => !before);
  };
  useKeys({ "Alt+KeyI": toggle });
  return (
    <>
      <section className="col conversation" aria-label={t("pane.conversation")} data-pane tabIndex={-1}>
        <PaneEdge pane="list" />
        <ConversationPane key={id} id={id} onShowCustomer={toggle} customerShown={wide ? shown : drawer} />
      </section>
      {shown && (
        <aside id="pane-customer" className="col customer" aria-label={t("pane.customer")} data-pane tabIndex={-1}>
          <PaneEdge pane="customer" />
          <CustomerPane conversation={id} view={view} />
        </aside>
      )}
      {!wide && (
        <Dialog
          open={drawer}
          placement="end"
          onClose={() => setDrawer(false)}
          title={t("pane.customer")}
          closeLabel={t("close")}
        >
          <div className="customer-drawer">
            <CustomerPane conversation={id} view={view} />
          </div>
        </Dialog>
      )}
    </>
  );
}

function NothingOpen() {
  const { t } = useTranslation("desk");
  const waiting = useWaitingForMe();
  return (
    <section className="col conversation conversation-none" aria-label={t("pane.conversation")} data-pane tabIndex={-1}>
      <PaneEdge pane="list" />
      <Icon name="message" />
      <p>{waiting > 0 ? t("none.waiting", { count: waiting }) : t("none.calm")}</p>
      <p className="s2 t3">{t("none.keys")}</p>
    </section>
  );
}

export function DeskPage() {
  const { t } = useTranslation("areas");
  const navigate = useNavigate();
  const live = useLive();
  const { list, customer } = useOwn();
  /** the agent's own conversations in the order shown */
  const shown = useRef<readonly string[]>([]);
  const onOrder = useCallback((ids: readonly string[]) => {
    shown.current = ids;
  }, []);
  const { conversation = null } = useParams({ strict: false }) as { conversation?: string | null };
  const search = useSearch({ from: "/inside/inbox" });

  const go = (id: string | null | undefined) => {
    if (id) void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} });
  };
  const step = (by: 1 | -1) => {
    const lists = live.lists.get();
    const ids = shown.current.length > 0 || !lists ? shown.current : order(groupMine(lists.mine.values()));
    if (ids.length === 0) return;
    const at = conversation ? ids.indexOf(conversation) : -1;
    go(ids[at === -1 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length]);
  };
  useKeys({
    "Alt+ArrowUp": () => step(-1),
    "Alt+ArrowDown": () => step(1),
    "Alt+KeyN": () => {
      const lists = live.lists.get();
      if (lists) go(nextWaiting(groupMine(lists.mine.values()), conversation));
    },
    Escape: () => {
      if (conversation) void navigate({ to: "/inbox", search });
    },
  });

  return (
    <div
      className={conversation ? "desk desk-open" : "desk"}
      style={
        {
          ...(list === null ? {} : { "--list-width": `${list}rem` }),
          ...(customer === null ? {} : { "--customer-width": `${customer}rem` }),
        } as CSSProperties
      }
    >
      {/* the heading of an open conversation is its customer's name */}
      {conversation === null && <h1 className="sr">{t("page.desk")}</h1>}
      <ListPane current={conversation} onOrder={onOrder} />
      {conversation ? <OpenConversation id={conversation} /> : <NothingOpen />}
    </div>
  );
}

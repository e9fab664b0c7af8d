import { Button } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import type { Conversation } from "@yingda/api/types";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConversationLog } from "../desk/conversation-log";
import type { Uploading } from "../desk/uploads";
import { useTransfer } from "../desk/use-transfer";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { Kbd } from "../lib/kbd";
import { useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import { useConversation, useLive } from "../live/context";
import { useAssign } from "./assign";
import { Modes, useIntervene, type Mode } from "./modes";
import "../desk/desk.css";
import "../desk/conversation.css";

const noUploads: readonly Uploading[] = [];
const noEdit = () => undefined;

/** Whether a member has joined a conversation and not left it, as far as its entries tell. */
export function hasJoined({ entries }: Pick<ConversationView, "entries">, agent: string): boolean {
  const last = entries.findLast(
    ({ kind, by }) =>
      kind === "resolved" ||
      kind === "queued" ||
      kind === "handed_back" ||
      ((kind === "joined" || kind === "left") && by.id === agent),
  );
  return last?.kind === "joined";
}

interface Props {
  one: Conversation;
  onClose(): void;
  onTaken(id: string): void;
}

/** What is said; loaded only for somebody who waits or, with an agent, once the supervisor listens. */
function Log({ id, customer }: { id: string; customer: string }) {
  const view = useConversation(id);
  const box = useRef<HTMLDivElement>(null);
  return (
    <ConversationLog
      id={id}
      view={view}
      customer={customer}
      unreadAfter={null}
      uploads={noUploads}
      box={box}
      onEdit={noEdit}
    />
  );
}

function Served({ one, customer, onTaken }: { one: Conversation; customer: string; onTaken(id: string): void }) {
  const { t } = useTranslation("floor");
  const me = useMe();
  const { id } = one;
  const { intervene, isPending } = useIntervene(id);
  const [mode, setMode] = useState<Mode>("listen");
  const [listens, setListens] = useState(false);
  const agent = one.agent ?? { id: "", name: "" };
  const maySpeak = may(me, "desk");
  const begin = (next: Mode) => {
    if (next !== "listen" && !maySpeak) return;
    setMode(next);
    if (!listens && !isPending) intervene({ mode: "listen" }, () => setListens(true));
  };
  useKeys({
    l: () => begin("listen"),
    W: () => begin("whisper"),
    b: () => begin("join"),
    t: () => begin("take_over"),
  });
  if (!listens)
    return (
      <div className="floor-before">
        <p>{t("mode.listen.means", { name: agent.name })}</p>
        <Button type="primary" loading={isPending} onClick={() => begin("listen")}>
          <Icon name="headset" />
          {t("mode.listen")}
          <Kbd keys="L" />
        </Button>
      </div>
    );
  return (
    <>
      <Log id={id} customer={customer} />
      <Listening id={id} agent={agent} mode={mode} me={me.agent} onMode={setMode} onTaken={() => onTaken(id)} />
    </>
  );
}

function Listening({
  id,
  agent,
  mode,
  me,
  onMode,
  onTaken,
}: {
  id: string;
  agent: { id: string; name: string };
  mode: Mode;
  me: string;
  onMode(mode: Mode): void;
  onTaken(): void;
}) {
  const view = useConversation(id);
  return (
    <Modes
      id={id}
      agent={agent}
      mode={mode}
      joined={hasJoined(view, me)}
      maySpeak={may(useMe(), "desk")}
      onMode={onMode}
      onTaken={onTaken}
    />
  );
}

/** A conversation beside the floor. Somebody who waits is read at once; what an agent says is listened to only once the supervisor says so. */
export function FloorPane({ one, onClose, onTaken }: Props) {
  const { t } = useTranslation("floor");
  const { language } = usePrefs();
  const me = useMe();
  const live = useLive();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const assign = useAssign();
  const { Transfer, transferring, transfer, close } = useTransfer();
  const mayServe = may(me, "desk");
  const isOthers = one.agent !== null && one.agent.id !== me.agent && one.state !== "queued";
  useKeys({
    r: () => {
      if (mayServe) transfer();
    },
  });
  const onTransfer = (id: string, name: string, note: string) => {
    close();
    void assign(one, { id, name }, note);
  };
  const take = () => {
    live.send(one.id, { type: "take" });
    onTaken(one.id);
  };
  return (
    <aside className="col conversation floor-pane" aria-label={t("pane")} data-pane tabIndex={-1}>
      <header className="conversation-head">
        <div className="grow">
          <h2 className="s4 el" dir="auto">
            {titleOf(one)}
          </h2>
          <p className="s1 t3 el">
            {isOthers && t("pane.with", { name: one.agent?.name ?? "" })}
            {isOthers && <i className="dot" />}
            <bdi>{say(one.queue?.name, language)}</bdi>
          </p>
        </div>
        {mayServe && (
          <Tip name={t("reassign")} keys="R">
            <button type="button" className="ib" aria-label={t("reassign")} onClick={transfer}>
              <Icon name="transfer" />
            </button>
          </Tip>
        )}
        {mayServe && one.state === "queued" && (
          <Button type="primary" onClick={take}>
            {t("take")}
          </Button>
        )}
        <button type="button" className="ib" aria-label={t("pane.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {isOthers ? (
        <Served key={one.id} one={one} customer={nameOf(one.customer)} onTaken={onTaken} />
      ) : (
        <Log key={one.id} id={one.id} customer={nameOf(one.customer)} />
      )}
      {Transfer && (
        <Transfer
          open={transferring}
          customer={titleOf(one)}
          {...(one.state === "queued" && one.queue ? { waitsIn: one.queue.id, mayAssign: true } : {})}
          onClose={close}
          onTransfer={onTransfer}
        />
      )}
    </aside>
  );
}

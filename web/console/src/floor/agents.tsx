import type { Conversation, FloorAgent } from "@yingda/api/types";
import type { DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { StateShape } from "../desk/shapes";
import { useStateReason } from "../desk/state-reason";
import { clock } from "../lib/format";
import { useTitleOf } from "../lib/people";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import type { Dragged } from "./assign";
import { isSlow, levelOf, owedSince, type AgentLine } from "./model";

type Tone = "customer" | "agent" | "soon" | "slow";
function toneOf(one: Conversation, now: number, slow: number | null): Tone {
  const since = owedSince(one);
  if (since === null) return "customer";
  const ms = now - since;
  return isSlow(ms, slow) ? "slow" : ms > 60_000 ? "soon" : "agent";
}

function Slot({
  one,
  now,
  slow,
  isOpen,
  onOpen,
}: {
  one: Conversation;
  now: number;
  slow: number | null;
  isOpen: boolean;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("floor");
  const titleOf = useTitleOf();
  const since = owedSince(one);
  const name = titleOf(one);
  const words = since === null ? t("slot.customer", { name }) : t("slot.agent", { name, time: clock(now - since) });
  return (
    <button
      type="button"
      className={`floor-slot floor-slot-${toneOf(one, now, slow)}`}
      aria-label={words}
      aria-pressed={isOpen}
      title={words}
      onClick={() => onOpen(one.id)}
    />
  );
}

interface Acts {
  /** From when a reply is slow, in milliseconds; null if none is. */
  slow: number | null;
  open: string | null;
  onOpen(id: string): void;
  /** Null if the member may not change the states of others. */
  onState: ((agent: FloorAgent) => void) | null;
  onHistory(agent: FloorAgent): void;
  /** Null if the member may not give anybody a conversation. */
  drag: Dragged | null;
}

/** What an agent does, since when, and why. */
function State({
  agent,
  now,
  onState,
  onHistory,
}: Pick<Acts, "onState" | "onHistory"> & { agent: FloorAgent; now: number }) {
  const { t } = useTranslation("floor");
  const reasonOf = useStateReason();
  const lasted = clock(now - agent.since);
  return (
    <>
      <span className="row floor-state">
        <StateShape state={agent.standing} />
        {onState ? (
          <button type="button" className="link" onClick={() => onState(agent)}>
            {t(`standing.${agent.standing}`)}
          </button>
        ) : (
          <span>{t(`standing.${agent.standing}`)}</span>
        )}
        <button
          type="button"
          className="link n t3"
          aria-label={t("agents.history", { name: agent.name, time: lasted })}
          onClick={() => onHistory(agent)}
        >
          {lasted}
        </button>
      </span>
      {agent.reason && (
        <span className="s1 t3 el" dir="auto">
          {reasonOf(agent.reason, agent.set_by)}
        </span>
      )}
    </>
  );
}

/** The most free slots that are drawn. */
const freeAtMost = 12;

function SlotsOf({
  line,
  now,
  slow,
  open,
  onOpen,
}: Pick<Acts, "open" | "onOpen" | "slow"> & { line: AgentLine; now: number }) {
  const free = Math.max(0, line.agent.capacity - line.open.length);
  return (
    <span className="floor-slots">
      {line.open.map((one) => (
        <Slot key={one.id} one={one} now={now} slow={slow} isOpen={one.id === open} onOpen={onOpen} />
      ))}
      {Array.from({ length: Math.min(free, freeAtMost) }, (_, index) => (
        <i key={index} className="floor-slot floor-slot-free" aria-hidden="true" />
      ))}
      <bdi dir="ltr" className="n s2 t2">
        {line.open.length}/{line.agent.capacity}
      </bdi>
    </span>
  );
}

function Oldest({ since, now, slow }: { since: number | null; now: number; slow: number | null }) {
  if (since === null) return <span className="n">–</span>;
  const age = now - since;
  const tone = isSlow(age, slow) ? "n hot b" : levelOf(age) === "late" ? "n warn b" : "n";
  return <span className={tone}>{clock(age)}</span>;
}

/** The agents: what they do, since when, and each of their conversations. Whose customer has waited longest is first. */
export function Agents({ lines, now, drag, ...acts }: Acts & { lines: readonly AgentLine[]; now: number }) {
  const { t } = useTranslation("floor");
  const columns: Column<AgentLine>[] = [
    {
      id: "name",
      title: t("agents.name"),
      isHeading: true,
      cell: ({ agent }) => (
        <>
          <bdi>{agent.name}</bdi> <span className="s1 t3 n">{agent.number}</span>
        </>
      ),
    },
    {
      id: "state",
      title: t("agents.state"),
      cell: ({ agent }) => <State agent={agent} now={now} onState={acts.onState} onHistory={acts.onHistory} />,
    },
    {
      id: "slots",
      title: t("agents.slots"),
      cell: (line) => <SlotsOf line={line} now={now} slow={acts.slow} open={acts.open} onOpen={acts.onOpen} />,
    },
    {
      id: "oldest",
      title: t("agents.oldest"),
      align: "end",
      cell: ({ oldest }) => <Oldest since={oldest} now={now} slow={acts.slow} />,
    },
  ];
  /** Only who is free can be given somebody. */
  const freeAt = ({ target }: DragEvent) => {
    const id = (target as Element).closest<HTMLElement>("tr[data-row]")?.dataset.row;
    const agent = lines.find((line) => line.agent.id === id)?.agent;
    return agent?.standing === "available" ? agent : null;
  };
  return (
    <section className="card floor-agents" aria-label={t("agents")} {...drag?.target(freeAt)}>
      <header className="floor-head">
        <h2>{t("agents")}</h2>
        <b className="n">{lines.length}</b>
      </header>
      {lines.length === 0 ? (
        <p className="empty">{t("agents.none")}</p>
      ) : (
        <Table
          label={t("agents")}
          className=""
          columns={columns}
          rows={lines}
          keyOf={({ agent }) => agent.id}
          rowClass={({ agent }) => (drag?.over === agent.id ? "floor-over" : undefined)}
        />
      )}
    </section>
  );
}

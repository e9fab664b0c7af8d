import type { Colleagues } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { StateShape } from "./shapes";

/** To whom a conversation can be transferred. */
export interface Target {
  id: string;
  name: string;
  /** Nobody takes conversations there now: the customer waits until somebody does. */
  unstaffed?: boolean;
}

interface RowProps {
  chosen: boolean;
  onChoose(to: Target): void;
}

/** A queue: how many wait in it, and how many more those who serve it can take. */
export function QueueRow({ queue, chosen, onChoose }: RowProps & { queue: Colleagues["queues"][number] }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const name = say(queue.name, language);
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      className="y-menu-item"
      onClick={() => onChoose({ id: queue.id, name, unstaffed: !queue.staffed })}
    >
      <span className="av st sm av-queue" aria-hidden="true">
        {initial(name)}
      </span>
      <span className="grow">
        <bdi>{name}</bdi> <span className="s1 t3 transfer-what">{t("transfer.queue")}</span>
      </span>
      {queue.staffed ? (
        <span className="s2 t2 n">{t("transfer.slots", { count: queue.free_slots })}</span>
      ) : (
        <span className="s2 warn">{t("transfer.unstaffed")}</span>
      )}
      <span className="s2 t3 n">{t("transfer.waiting", { count: queue.waiting })}</span>
    </button>
  );
}

/** Whether a colleague can be chosen; the server refuses those who turn out not to be free. */
export const isReachable = ({ standing }: Colleagues["agents"][number]) =>
  standing !== "offline" && standing !== "unreachable";

/** A colleague, and how many more conversations they can take. */
export function AgentRow({ agent, chosen, onChoose }: RowProps & { agent: Colleagues["agents"][number] }) {
  const { t } = useTranslation("desk");
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      disabled={!isReachable(agent)}
      className="y-menu-item"
      onClick={() => onChoose({ id: agent.id, name: agent.name })}
    >
      <span className="av st sm" aria-hidden="true">
        {initial(agent.name)}
      </span>
      <span className="grow">
        {agent.name} <span className="s1 t3 transfer-what n">{agent.number}</span>
      </span>
      <span className="row s2 t2">
        <StateShape state={agent.standing} />
        {t(`state.${agent.standing}`)}
      </span>
      {isReachable(agent) && (
        <span className="s2 t3 n">
          {t("transfer.free", { free: Math.max(0, agent.capacity - agent.open), capacity: agent.capacity })}
        </span>
      )}
    </button>
  );
}

import { Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Colleagues } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { colleagues } from "../lib/directory";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";

type Agent = Colleagues["agents"][number];

const order: Record<Agent["standing"], number> = {
  available: 0,
  full: 1,
  busy: 2,
  break: 3,
  unreachable: 4,
  offline: 5,
};

/** The lists of agents behind the numbers of this moment, each as long as its number: with a free slot, on shift, and with conversations or slots. */
const lists = {
  free: ({ standing }: Agent) => standing === "available",
  agents: (agent: Agent) => agent.on_shift,
  slots: (agent: Agent) => agent.on_shift || agent.open > 0,
};
export type AgentList = keyof typeof lists;
export const isAgentList = (open: string): open is AgentList => Object.hasOwn(lists, open);

/** How often it is read while it is open, in milliseconds. */
const every = 5000;

/** Those who can take another conversation first, and how many each of them has. */
function Agents({ which }: { which: AgentList }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const found = useQuery({ ...colleagues, refetchInterval: every });
  const agents = (found.data?.agents ?? [])
    .filter(lists[which])
    .sort(
      (one, other) =>
        order[one.standing] - order[other.standing] ||
        other.open - one.open ||
        one.name.localeCompare(other.name, language),
    );
  return (
    <div className="behind">
      <Failed of={found} />
      {found.isPending && (
        <p className="t3" role="status">
          {t("history.loading")}
        </p>
      )}
      {found.data && (
        <p className="behind-count">
          <b className="n">{count(agents.length, language)}</b>
          <span className="t3">{t("behind.now")}</span>
        </p>
      )}
      <ol className="behind-list">
        {agents.map((one) => (
          <li key={one.id} className="behind-row">
            <span className="av sm" aria-hidden="true">
              {initial(one.name)}
            </span>
            <span className="grow">
              <b className="el" dir="auto">
                {one.name}
              </b>{" "}
              <span className="s1 t3 n">{one.number}</span>
            </span>
            <span className={one.standing === "available" ? "tag ok" : "tag"}>{t(`agents.${one.standing}`)}</span>
            <span className="n nowrap">
              <span className="sr">{t("now.slots")} </span>
              {count(one.open, language)} / {count(one.capacity, language)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function AgentsDrawer({ which, onClose }: { which: AgentList | null; onClose(): void }) {
  const { t } = useTranslation("panel");
  return (
    <Dialog
      open={which !== null}
      placement="end"
      onClose={onClose}
      title={t(`agents.list.${which ?? "agents"}`)}
      closeLabel={t("close")}
    >
      {which && <Agents which={which} />}
    </Dialog>
  );
}

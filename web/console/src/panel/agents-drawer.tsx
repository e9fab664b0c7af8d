import { Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { colleagues } from "../lib/directory";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";

const order = { available: 0, break: 1, offline: 2 };

/** The agents, those who take conversations first, and how many conversations each of them has. */
function Agents() {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const found = useQuery(colleagues);
  const agents = [...(found.data?.agents ?? [])].sort(
    (one, other) =>
      order[one.state] - order[other.state] || other.open - one.open || one.name.localeCompare(other.name, language),
  );
  return (
    <div className="behind">
      <Failed of={found} />
      {found.isPending && (
        <p className="t3" role="status">
          {t("history.loading")}
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
            <span className={one.state === "available" ? "tag ok" : "tag"}>{t(`agents.${one.state}`)}</span>
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

export function AgentsDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("panel");
  return (
    <Dialog open={open} placement="end" onClose={onClose} title={t("agents.title")} closeLabel={t("close")}>
      {open && <Agents />}
    </Dialog>
  );
}

import { Button } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clock } from "../lib/format";
import { Icon, type IconName } from "../lib/icon";
import { useTitleOf } from "../lib/people";
import type { Need } from "./model";

const icons: Record<Need["kind"], IconName> = { danger: "alert", slow: "clock", unreachable: "user", mood: "smile" };
/** The most that are shown: more than three are not three things to do, but a list. */
const most = 3;

/** What needs whoever leads the floor: each names one act. What is dismissed comes back when it gets worse. */
export function Needs({
  needs,
  waiting,
  onOpen,
}: {
  needs: readonly Need[];
  waiting: number;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("floor");
  const titleOf = useTitleOf();
  const [dismissed, setDismissed] = useState<ReadonlyMap<string, number>>(new Map());
  const shown = needs.filter((one) => one.severity > (dismissed.get(one.key) ?? -1)).slice(0, most);
  return (
    <section className="floor-needs" aria-label={t("needs")}>
      {shown.length === 0 && <p className="s2 t2 floor-quiet">{t("needs.none", { count: waiting })}</p>}
      {shown.map((need) => (
        <div key={need.key} className={`floor-need floor-need-${need.kind}`}>
          <Icon name={icons[need.kind]} />
          <span className="grow">
            <b className="el">
              {t(`need.${need.kind}`, { name: need.agent, time: clock(need.ms), count: need.count })}
            </b>
            <span className="s1 t3 el" dir="auto">
              {titleOf(need.conversation)}
            </span>
          </span>
          <Button size="small" onClick={() => onOpen(need.conversation.id)}>
            {t(`need.${need.kind}.act`)}
          </Button>
          <button
            type="button"
            className="ib"
            aria-label={t("need.dismiss")}
            onClick={() => setDismissed((before) => new Map(before).set(need.key, need.severity))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}

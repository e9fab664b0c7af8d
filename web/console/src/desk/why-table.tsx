import type { RoutingBody } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { ago } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useKnown } from "./known";

/** Who could have got a conversation, who was passed over and why, and the rule that decided. */
export function WhyTable({ routing, at, close }: { routing: RoutingBody; at: number; close(): void }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const known = useKnown();
  const columns: readonly Column<RoutingBody["candidates"][number]>[] = [
    {
      id: "agent",
      title: t("why.agent"),
      isHeading: true,
      cell: ({ agent, name, skipped }) => (
        <>
          <bdi>{name}</bdi>
          {agent === routing.chosen && <span className="tag brand">{t("why.chosen")}</span>}
          {skipped && <span className="tag">{known(`why.skipped.${skipped}`, skipped)}</span>}
        </>
      ),
    },
    {
      id: "slots",
      title: t("why.slots"),
      align: "end",
      cell: ({ open, capacity }) => (
        <bdi dir="ltr">
          {open}/{capacity}
        </bdi>
      ),
    },
    {
      id: "last",
      title: t("why.last"),
      align: "end",
      cell: ({ last_assigned_at: last }) => (last === null ? t("why.never") : ago(last, at, language)),
    },
  ];
  return (
    <>
      <div className="row">
        <b className="grow">{known(`why.rule.${routing.rule}`, routing.rule)}</b>
        <button type="button" className="ib s" aria-label={t("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {routing.relaxed ? <p className="s2 t2">{t("why.relaxed", { count: routing.relaxed })}</p> : null}
      {routing.left_out ? <p className="s2 t3">{t("why.left_out", { count: routing.left_out })}</p> : null}
      <Table
        label={known(`why.rule.${routing.rule}`, routing.rule)}
        form="plain"
        columns={columns}
        rows={routing.candidates}
        keyOf={({ agent }) => agent}
        rowClass={({ agent, skipped }) =>
          agent === routing.chosen ? "why-chosen" : skipped ? "why-skipped" : undefined
        }
      />
    </>
  );
}

import { Link } from "@tanstack/react-router";
import type { StaffPlan } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { StateTag } from "../goods/state-tag";
import { count, dayAndTime, nothing } from "../lib/format";
import { money } from "../lib/money";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";

/** The name of a plan, which opens it. A deleted one has nothing to open. */
function PlanName({ plan }: { plan: StaffPlan }) {
  const { language } = usePrefs();
  const name = say(plan.name, language);
  return (
    <>
      {plan.deleted_at === undefined ? (
        <Link
          from="/goods/plans"
          to="/goods/plans"
          search={(before) => ({ ...before, open: plan.id })}
          className="plans-name plans-link"
        >
          <bdi>{name}</bdi>
        </Link>
      ) : (
        <span className="plans-name b">
          <bdi>{name}</bdi>
        </span>
      )}
      <span className="plans-name s1 t3 n">{plan.id}</span>
    </>
  );
}

interface PlansTableProps {
  rows: readonly StaffPlan[];
  busy: boolean;
  actsOf(plan: StaffPlan, name: string): Act[];
}

/** The plans with what they cost and contain. */
export function PlansTable({ rows, busy, actsOf }: PlansTableProps) {
  const { t } = useTranslation("plans");
  const { language } = usePrefs();
  const me = useMe();
  const amount = (value: number, unit: string) =>
    value === 0 ? <span className="t3">–</span> : t(`unit.${unit}`, { count: value, n: count(value, language) });
  const columns: readonly Column<StaffPlan>[] = [
    { id: "plan", title: t("field.plan"), isHeading: true, cell: (plan) => <PlanName plan={plan} /> },
    {
      id: "fee",
      title: t("field.fee"),
      align: "end",
      className: "n b",
      narrow: "beside",
      sortBy: (plan) => plan.monthly_fee_fen,
      cell: (plan) => money(plan.monthly_fee_fen, me.currency, language),
    },
    {
      id: "data",
      title: t("short.data"),
      align: "end",
      className: "n",
      sortBy: (plan) => plan.data_gb,
      first: "descending",
      cell: (plan) => amount(plan.data_gb, "gb"),
    },
    {
      id: "voice",
      title: t("short.voice"),
      align: "end",
      className: "n",
      sortBy: (plan) => plan.voice_min,
      first: "descending",
      cell: (plan) => amount(plan.voice_min, "min"),
    },
    {
      id: "audience",
      title: t("field.audience"),
      className: "t2",
      mayHide: "shown",
      isExtra: true,
      cell: (plan) => t(`audience.${plan.audience}`, { defaultValue: plan.audience }),
    },
    { id: "state", title: t("field.state"), narrow: "untitled", cell: (plan) => <StateTag state={plan.state} /> },
    {
      id: "updated",
      title: t("field.updated"),
      className: "t3 s2",
      mayHide: "shown",
      isExtra: true,
      sortBy: (plan) => plan.updated_at,
      first: "descending",
      cell: (plan) => (plan.updated_at > 0 ? dayAndTime(plan.updated_at, me.time_zone) : nothing),
    },
    {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (plan) => {
        const name = say(plan.name, language);
        return <RowActs name={name} acts={actsOf(plan, name)} />;
      },
    },
  ];
  return (
    <Table
      label={t("title")}
      className="card"
      remember="plans"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      busy={busy}
    />
  );
}

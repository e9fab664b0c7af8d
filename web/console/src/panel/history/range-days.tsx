import { Input } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../../lib/icon";
import type { RangeFault } from "./model";

interface Props {
  id: string;
  /** What is being entered. */
  draft: { from: string; to: string };
  fault: RangeFault;
  today: string;
  isLast: boolean;
  onEdit(change: { from?: string; to?: string }): void;
  onEarlier(): void;
  onLater(): void;
}

/** The first and the last day, and the steps to the days before and after them. */
export function RangeDays({ id, draft, fault, today, isLast, onEdit, onEarlier, onLater }: Props) {
  const { t } = useTranslation("panel");
  return (
    <span className="row range-days">
      <button
        type="button"
        className="ib s"
        aria-label={t("history.earlier")}
        title={t("history.earlier")}
        onClick={onEarlier}
      >
        <Icon name="left" />
      </button>
      <label htmlFor={`${id}-from`} className="sr">
        {t("history.from")}
      </label>
      <Input
        id={`${id}-from`}
        type="date"
        max={today}
        value={draft.from}
        status={fault ? "error" : ""}
        aria-invalid={fault !== null}
        aria-describedby={fault ? `${id}-fault` : undefined}
        onChange={(event) => onEdit({ from: event.target.value })}
      />
      <span aria-hidden="true">–</span>
      <label htmlFor={`${id}-to`} className="sr">
        {t("history.to")}
      </label>
      <Input
        id={`${id}-to`}
        type="date"
        max={today}
        value={draft.to}
        status={fault ? "error" : ""}
        aria-invalid={fault !== null}
        aria-describedby={fault ? `${id}-fault` : undefined}
        onChange={(event) => onEdit({ to: event.target.value })}
      />
      <button
        type="button"
        className="ib s range-later"
        aria-label={t("history.later")}
        title={t("history.later")}
        disabled={isLast}
        onClick={onLater}
      >
        <Icon name="left" />
      </button>
    </span>
  );
}

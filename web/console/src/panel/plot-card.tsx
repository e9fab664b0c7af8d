import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";

export interface Toggled {
  /** Whether the table is shown in place of the drawing. */
  asTable: boolean;
  onToggle(): void;
}

interface Props extends Toggled {
  name: string;
  title: string;
  aside?: ReactNode;
  table: ReactNode;
  children: ReactNode;
}

/** A drawing, or the same numbers as a table. */
export function PlotCard({ name, title, aside, table, asTable, onToggle, children }: Props) {
  const { t } = useTranslation("panel");
  return (
    <section className={`card plot-card plot-card-${name}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end t3 s1">{aside}</span>
        <button
          type="button"
          className="ib s"
          aria-pressed={asTable}
          aria-label={t("as_table", { name: title })}
          title={t("as_table", { name: title })}
          onClick={onToggle}
        >
          <Icon name="table" />
        </button>
      </header>
      {asTable ? table : children}
    </section>
  );
}

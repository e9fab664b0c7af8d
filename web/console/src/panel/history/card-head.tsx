import { useTranslation } from "react-i18next";
import { Icon } from "../../lib/icon";
import type { HistorySearch } from "./search";
import { useAddress } from "./use-address";

interface Props {
  title: string;
  search: HistorySearch;
  isTime: boolean;
  hasBand: boolean;
  saving: boolean;
  onSave(): void;
}

/** The title of a chart, how it is to be read, and whether it is a drawing or a table. */
export function CardHead({ title, search, isTime, hasBand, saving, onSave }: Props) {
  const { t } = useTranslation("panel");
  const { toggleTable } = useAddress();
  return (
    <header>
      <h2>{title}</h2>
      <span className="end t3 s1 history-scale">
        {isTime && !search.table && t("history.scale")}
        {!search.table && hasBand && (
          <>
            <i className="dot" />
            {t("history.band")}
          </>
        )}
      </span>
      {!search.table && (
        <button
          type="button"
          className="ib s"
          aria-label={t("history.save_picture", { name: title })}
          title={t("history.save_picture", { name: title })}
          disabled={saving}
          onClick={onSave}
        >
          <Icon name="image" />
        </button>
      )}
      <button
        type="button"
        className="ib s"
        aria-pressed={search.table === true}
        aria-label={t("as_table", { name: title })}
        title={t("as_table", { name: title })}
        onClick={toggleTable}
      >
        <Icon name="table" />
      </button>
    </header>
  );
}

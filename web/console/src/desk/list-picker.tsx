import { Popup } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import type { DeskList } from "./search";

const lists: readonly DeskList[] = ["mine", "queue", "resolved"];

interface ListPickerProps {
  list: DeskList;
  /** How many conversations each list has, where that is known. */
  totals: Record<DeskList, number | undefined>;
  onShow(list: DeskList): void;
}

/** Which of the desk's own lists is shown: its name and how many it has; opens the choice of all. */
export function ListPicker({ list, totals, onShow }: ListPickerProps) {
  const { t } = useTranslation("desk");
  return (
    <Popup
      label={t("pane.which")}
      className="list-picker-menu"
      trigger={(props) => (
        <button {...props} className="list-picker">
          <span className="sr">{t("pane.which")}</span> <b className="grow el">{t(`tab.${list}`)}</b>{" "}
          {totals[list] !== undefined && <span className="n t2">{totals[list]}</span>}
          <Icon name="down" />
        </button>
      )}
    >
      {(close) => (
        <div role="radiogroup" aria-label={t("pane.which")}>
          {lists.map((one) => (
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={list === one}
              className="y-menu-item"
              onClick={() => {
                onShow(one);
                close();
              }}
            >
              <span className="grow">{t(`tab.${one}`)}</span>{" "}
              {totals[one] !== undefined && (
                <span className={one === "queue" && totals[one] > 0 ? "n b" : "n t3"}>{totals[one]}</span>
              )}
            </button>
          ))}
        </div>
      )}
    </Popup>
  );
}

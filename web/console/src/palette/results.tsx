import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import type { Group, Item } from "./item";

/** The id of an item's element. */
export const optionId = (boxId: string, item: Item) => `${boxId}-${item.id}`;

interface Props {
  boxId: string;
  groups: readonly Group[];
  active: Item | undefined;
  onChoose(item: Item): void;
  onPick(item: Item): void;
  onUse(item: Item): void;
}

/** What was found, in groups. */
export function Results({ boxId, groups, active, onChoose, onPick, onUse }: Props) {
  const { t } = useTranslation("palette");
  if (groups.length === 0) return null;
  return (
    <div id={`${boxId}-list`} role="listbox" aria-label={t("results")}>
      {groups.map((group) => (
        <div key={group.id} role="group" aria-labelledby={`${boxId}-${group.id}`}>
          <div id={`${boxId}-${group.id}`} className="palette-group" role="presentation">
            {t(`group.${group.id}`)}
          </div>
          {group.items.map((item) => (
            <div
              key={item.id}
              id={optionId(boxId, item)}
              role="option"
              aria-selected={item === active}
              className="palette-item"
              // The focus stays in the field.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => onChoose(item)}
              onClick={() => onPick(item)}
            >
              <Icon name={item.icon} />
              <span className="palette-title" dir="auto">
                {item.title}
              </span>
              {item.note && (
                <span className="palette-note" dir="auto">
                  {item.note}
                </span>
              )}
              {item.use && (
                // For the pointer; the keyboard has Shift Enter, as is said above the list.
                <span
                  role="presentation"
                  className="palette-use"
                  onClick={(event) => {
                    event.stopPropagation();
                    onUse(item);
                  }}
                >
                  {t(`use.${item.use.kind}`)}
                </span>
              )}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

import { Button } from "@yingda/antd";
import type { StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { may, useMe } from "../lib/session";
import type { Acts } from "./acts";

interface Props {
  picked: readonly StaffGoodsRow[];
  /** Whether they are in the list of what was deleted. */
  deleted: boolean;
  acts: Acts;
  onFind(): void;
  onNone(): void;
}

/** What can be done with the goods that are chosen. */
export function Picked({ picked, deleted, acts, onFind, onNone }: Props) {
  const { t } = useTranslation("goods");
  const sells = may(useMe(), "goods.prices");
  return (
    <div className="goods-picked" role="group" aria-label={t("picked", { count: picked.length })}>
      <span className="grow b">{t("picked", { count: picked.length })}</span>
      <button type="button" className="ib s" aria-label={t("search.all")} title={t("search.all")} onClick={onFind}>
        <Icon name="search" />
      </button>
      {deleted ? (
        <Button size="small" onClick={() => void acts.restore(picked).then(onNone)}>
          {t("restore")}
        </Button>
      ) : (
        <>
          {sells && (
            <Button size="small" onClick={() => void acts.publish(picked, "live").then(onNone)}>
              {t("publish")}
            </Button>
          )}
          <Button size="small" onClick={() => void acts.publish(picked, "off").then(onNone)}>
            {t("take_off")}
          </Button>
          <Button size="small" onClick={() => void acts.remove(picked).then(onNone)}>
            {t("delete")}
          </Button>
        </>
      )}
      <Button size="small" type="text" onClick={onNone}>
        {t("choose.none")}
      </Button>
    </div>
  );
}

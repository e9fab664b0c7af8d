import { Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { GoodsForm } from "./goods-form";
import { product } from "./queries";

interface DrawerProps {
  id: string;
  onClose(): void;
  onCategories(): void;
}

/** A product beside the list: a new one, or the one with this id. */
export function GoodsDrawer({ id, onClose, onCategories }: DrawerProps) {
  const { t } = useTranslation("goods");
  const isNew = id === "new";
  const found = useQuery({ ...product(id), enabled: !isNew });
  if (isNew) return <GoodsForm goods={null} onClose={onClose} onCategories={onCategories} />;
  if (found.data) return <GoodsForm goods={found.data} onClose={onClose} onCategories={onCategories} />;
  return (
    <Dialog open placement="end" width="44rem" title={t("form.opening")} closeLabel={t("close")} onClose={onClose}>
      {found.isError ? (
        <Failed of={found} />
      ) : (
        <div className="goods-loading" role="status" aria-label={t("loading")}>
          {Array.from({ length: 5 }, (_, index) => (
            <span key={index} className="skeleton" />
          ))}
        </div>
      )}
    </Dialog>
  );
}

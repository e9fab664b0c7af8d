import { Button, Popup } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { exportUrl } from "./queries";
import type { GoodsSearch } from "./search";

/** Saves the goods that the filters leave as a file. */
export function ExportMenu({ filter, total }: { filter: Omit<GoodsSearch, "open">; total: number }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  return (
    <Popup
      label={t("export")}
      className="goods-menu"
      trigger={(props) => (
        <Button {...props} type="default">
          <Icon name="download" />
          {t("export")}
        </Button>
      )}
    >
      {(close) => (
        <>
          <p className="s1 t3">{t("export.what", { count: total })}</p>
          {(["csv", "xlsx"] as const).map((format) => (
            <a
              key={format}
              className="goods-menu-link"
              href={exportUrl(format, language, filter)}
              download
              onClick={close}
            >
              {t(`export.${format}`)}
            </a>
          ))}
        </>
      )}
    </Popup>
  );
}

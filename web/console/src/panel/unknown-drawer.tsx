import { Dialog } from "@yingda/antd";
import type { Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Door } from "./door";
import { tables } from "./model";

interface Props {
  /** What the address asks for; empty if it asks for something that there is. */
  open: string;
  names: ReadonlyMap<string, Indicator>;
  onClose(): void;
}

/** In place of a list behind a number that does not exist: says so, and leads to those that do. */
export function UnknownDrawer({ open, names, onClose }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const known = tables.flatMap((table) => table.measures).flatMap(({ key }) => names.get(key) ?? []);
  return (
    <Dialog open={open !== ""} placement="end" onClose={onClose} title={t("behind.unknown")} closeLabel={t("close")}>
      <div className="behind">
        <p>{t("behind.unknown_what", { key: open })}</p>
        <ul className="behind-list">
          {known.map((indicator) => (
            <li key={indicator.key} className="behind-row">
              <Door open={indicator.key}>{say(indicator.name, language)}</Door>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

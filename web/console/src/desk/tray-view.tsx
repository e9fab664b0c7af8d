import { bytes } from "@yingda/api/sizes";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useProblemText } from "../lib/problem";
import type { Tray } from "./tray";

/** The files that will be sent with the text: they can be viewed before they are sent, and removed. */
export function TrayView({ tray }: { tray: Tray }) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  if (tray.list.length === 0) return null;
  return (
    <ul className="tray" aria-label={t("tray.label")}>
      {tray.list.map((one) => {
        const name = one.file?.name || t("file.sending");
        return (
          <li key={one.key} className={`tray-file${one.code ? " tray-fault" : ""}`}>
            {one.url ? <img src={one.url} alt="" /> : <Icon name={one.code ? "alert" : "clip"} />}
            <span className="tray-words">
              <span className="el" dir="auto">
                {name}
              </span>
              {one.code ? (
                <span className="s1 hot" role="alert">
                  {text(one.code)}
                </span>
              ) : one.share !== null ? (
                <progress max={100} value={Math.round(one.share * 100)} aria-label={t("file.progress", { name })} />
              ) : (
                one.file && <span className="s1 t3 n">{bytes(one.file.size)}</span>
              )}
            </span>
            <button
              type="button"
              className="ib s"
              aria-label={t("tray.remove", { name })}
              onClick={() => tray.remove(one.key)}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

import type { NewApp as Given } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import "./second-step.css";

/** The margin that belongs around a QR code, in modules. */
const margin = 4;

/** What an authenticator app is set up with: a code to scan, or a key to type. */
export function NewApp({ app: { setup_key, address, qr } }: { app: Given }) {
  const { t } = useTranslation("signin");
  const width = qr.size + 2 * margin;
  return (
    <div className="new-app">
      <svg
        className="new-app-qr"
        viewBox={`${-margin} ${-margin} ${width} ${width}`}
        role="img"
        aria-label={t("setup.qr")}
      >
        <path d={`M${-margin} ${-margin}h${width}v${width}h${-width}z`} className="new-app-ground" />
        <path d={qr.path} className="new-app-modules" />
      </svg>
      <div>
        <p>{t("setup.scan")}</p>
        <p className="s2 t2">{t("setup.or_key")}</p>
        <code className="new-app-key">{setup_key.replace(/(.{4})(?=.)/g, "$1 ")}</code>
        <p className="s2">
          <a href={address}>{t("setup.open_app")}</a>
        </p>
      </div>
    </div>
  );
}

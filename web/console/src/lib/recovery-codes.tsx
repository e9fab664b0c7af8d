import { useState } from "react";
import { useTranslation } from "react-i18next";
import "./press-plain.css";
import "./second-step.css";

/** Recovery codes, the only time they are shown. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation("signin");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      setCopied(true);
    } catch {
      /* they can be selected by hand */
    }
  };
  return (
    <>
      <p className="notice warn">{t("codes.once")}</p>
      <ul className="recovery-codes" aria-label={t("codes.label")}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="s2 t2" role="status">
        {copied ? t("codes.copied") : t("codes.what")}
      </p>
      <button type="button" className="press-plain" onClick={() => void copy()}>
        {t("codes.copy")}
      </button>
    </>
  );
}

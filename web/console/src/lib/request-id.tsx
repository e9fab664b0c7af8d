import { Problem } from "@yingda/api/client";
import { useTranslation } from "react-i18next";

/** The id of the request, for searching the log; nothing if no request reached the server. */
export function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation("shell");
  if (!(error instanceof Problem) || !error.requestId) return null;
  return (
    <details className="s1 failed-details">
      <summary>{t("failure.details")}</summary>
      {t("failure.request")} <code>{error.requestId}</code>
    </details>
  );
}

import { Button } from "@yingda/antd";
import type { Bilingual } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";

/** The queues that nobody would answer any more, if that is why something was refused. */
export const unattendedBy = (refusal: unknown): readonly Bilingual[] | null =>
  isProblem(refusal, "queue_needs_member") ? (refusal.names ?? []) : null;

/** Says which queues nobody would answer any more, and asks whether to go on. */
export function Unattended({
  queues,
  act,
  busy,
  onBack,
  onConfirm,
}: {
  queues: readonly Bilingual[];
  act: string;
  busy: boolean;
  onBack(): void;
  onConfirm(): void;
}) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const names = queues.map((name) => say(name, language)).join(language === "en" ? ", " : "、");
  return (
    <div className="settings-form">
      <p className="notice hot" role="alert">
        {t("unattended", { names })}
      </p>
      <p className="s2 t2">{t("unattended.what")}</p>
      <div className="row wrap settings-acts">
        <Button autoFocus onClick={onBack}>
          {t("unattended.back")}
        </Button>
        <Button danger type="primary" loading={busy} onClick={onConfirm}>
          {act}
        </Button>
      </div>
    </div>
  );
}

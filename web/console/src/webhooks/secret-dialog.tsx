import { Button, Dialog, Input } from "@yingda/antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";

/** Shows a secret, the only time it is shown. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose(): void }) {
  const { t } = useTranslation("webhooks");
  const id = useId();
  const [copied, setCopied] = useState<"no" | "yes" | "by_hand">("no");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied("yes");
    } catch {
      setCopied("by_hand");
      const box = document.getElementById(id);
      if (box instanceof HTMLInputElement) box.select();
    }
  };
  return (
    <Dialog open title={t("secret.title")} closeLabel={t("close")} onClose={onClose} width="34rem">
      <div className="webhook-form">
        <p className="notice warn">{t("secret.once")}</p>
        <div className="field">
          <label htmlFor={id}>{t("secret")}</label>
          <Input id={id} className="webhook-code" readOnly value={secret} onFocus={(event) => event.target.select()} />
        </div>
        <p className="s2 t3" role="status">
          {copied === "yes" ? t("secret.copied") : copied === "by_hand" ? t("secret.by_hand") : t("secret.what")}
        </p>
        <div className="row webhook-acts">
          <Button onClick={() => void copy()}>
            <Icon name="copy" />
            {t("secret.copy")}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t("secret.done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

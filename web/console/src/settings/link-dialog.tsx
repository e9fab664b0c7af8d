import { Button, Dialog, Input } from "@yingda/antd";
import type { Invited } from "@yingda/api/types";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { useMe } from "../lib/session";

/** Shows a one-time link, the only time it is shown. */
export function LinkDialog({ invited, onClose }: { invited: Invited; onClose(): void }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const id = useId();
  const [copied, setCopied] = useState<"no" | "yes" | "by_hand">("no");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(invited.link);
      setCopied("yes");
    } catch {
      setCopied("by_hand");
      const box = document.getElementById(id);
      if (box instanceof HTMLInputElement) box.select();
    }
  };
  return (
    <Dialog
      open
      title={t("link.title", { name: invited.member.name })}
      closeLabel={t("close")}
      onClose={onClose}
      width="38rem"
    >
      <div className="settings-form">
        <p className="notice warn">{t("link.once", { time: dayAndTime(invited.expires_at, me.time_zone) })}</p>
        <Input
          id={id}
          className="settings-code"
          readOnly
          value={invited.link}
          aria-label={t("link")}
          onFocus={(event) => event.target.select()}
        />
        <p className="s2 t3" role="status">
          {copied === "yes"
            ? t("copied")
            : copied === "by_hand"
              ? t("copy.by_hand")
              : t("link.what", { email: invited.member.email })}
        </p>
        <div className="row settings-acts">
          <Button onClick={() => void copy()}>
            <Icon name="copy" />
            {t("copy")}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t("done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

import { Button, Dialog } from "@yingda/antd";
import { useTranslation } from "react-i18next";

/** The question before changes are lost, in the words of the forms' own. */
export function LeaveDialog({ onLeave, onStay }: { onLeave(): void; onStay(): void }) {
  const { t } = useTranslation("kit");
  const { t: shell } = useTranslation("shell");
  return (
    <Dialog
      open
      title={t("leave.ask")}
      closeLabel={shell("close")}
      onClose={onStay}
      footer={
        <>
          <Button autoFocus onClick={onStay}>
            {t("leave.keep")}
          </Button>
          <Button danger type="primary" onClick={onLeave}>
            {t("leave.discard")}
          </Button>
        </>
      }
    >
      <p>{t("leave.about")}</p>
    </Dialog>
  );
}

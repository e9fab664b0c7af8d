import { home } from "@yingda/api/home";
import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { call } from "@yingda/api/client";
import { useState } from "react";
import { useProblemText } from "../lib/problem";
import { useRoleWord } from "../lib/roles";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import "./view-banner.css";

/** Reads everything anew: what the page knows was read as somebody else. */
export const startOver = () => location.assign(`${home}/console/`);

/** While somebody looks at the console as another role would: which, and the way back. */
export function ViewBanner() {
  const { t } = useTranslation("desk");
  const me = useMe();
  const text = useProblemText();
  const roleWord = useRoleWord();
  const [isEnding, setEnding] = useState(false);
  const end = async () => {
    setEnding(true);
    try {
      await call("DELETE", "/me/view");
      startOver();
    } catch (error) {
      toast(text(error), "hot");
      setEnding(false);
    }
  };
  return (
    <div className="view-banner" role="status">
      <span>{t("view.as", { role: roleWord(me.role, me.role_name) })}</span>
      <Button size="small" loading={isEnding} onClick={() => void end()}>
        {t("view.end")}
      </Button>
    </div>
  );
}

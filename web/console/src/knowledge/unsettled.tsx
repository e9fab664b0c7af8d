import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { useProblemText } from "../lib/problem";

interface Props {
  why: Error;
  settling: boolean;
  onAgain(): void;
}

/** Says that an entry was created, but that the questions it was created from are still listed. */
export function Unsettled({ why, settling, onAgain }: Props) {
  const { t } = useTranslation("knowledge");
  const text = useProblemText();
  return (
    <p className="notice hot kn-fault" role="alert">
      <span>{t("proposed.unsettled", { why: text(why) })}</span>
      <Button size="small" loading={settling} onClick={onAgain}>
        {t("again")}
      </Button>
    </p>
  );
}

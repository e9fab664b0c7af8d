import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { useRefused } from "../../lib/mutations";
import { may, useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { trades, useTemplate, type Trade } from "./queries";
import { Step } from "./step";

/** The first questions of the bot: those of a trade, or of a file. */
export function AnswersStep({ answers }: { answers: number }) {
  const { t } = useTranslation("start");
  const me = useMe();
  const [trade, setTrade] = useState<Trade>("operator");
  const template = useTemplate();
  const refused = useRefused();
  const add = () =>
    template.mutate(trade, {
      onSuccess: ({ added }) => toast(t("answers.added", { count: added })),
      onError: refused,
    });
  return (
    <Step number={3} title={t("answers.title")} done={answers > 0 ? t("answers.done", { count: answers }) : null}>
      <p className="s2 t2">{t("answers.what")}</p>
      {!may(me, "knowledge.edit") ? (
        <p className="s2 t3">{t("answers.not_yours")}</p>
      ) : answers > 0 ? (
        <p>
          <Link to="/bot/answers" search={{}}>
            {t("answers.fill_in")}
          </Link>
        </p>
      ) : (
        <div className="row wrap">
          <Choice<Trade>
            label={t("answers.trade")}
            value={trade}
            options={trades.map((value) => ({ value, word: t(`trade.${value}`) }))}
            onChange={setTrade}
          />
          <Button loading={template.isPending} onClick={add}>
            {t("answers.add")}
          </Button>
          <Link to="/bot/answers" search={{ open: "import" }}>
            {t("answers.import")}
          </Link>
        </div>
      )}
    </Step>
  );
}

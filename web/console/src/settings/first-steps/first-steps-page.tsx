import { Button } from "@yingda/antd";
import { atHome } from "@yingda/api/home";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failed } from "../../lib/failed";
import { LoadingCards } from "../../lib/loading";
import { Page } from "../../lib/page";
import { choose, usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { AnswersStep } from "./answers-step";
import { isAllDone } from "./offer";
import { firstStepsNow, type FirstSteps } from "./queries";
import { SiteStep } from "./site-step";
import { Step } from "./step";
import "../settings.css";
import "./first-steps.css";

function ColleagueStep({ colleagues }: Pick<FirstSteps, "colleagues">) {
  const { t } = useTranslation("start");
  const me = useMe();
  return (
    <Step
      number={2}
      title={t("colleague.title")}
      done={colleagues > 0 ? t("colleague.done", { count: colleagues }) : null}
    >
      <p className="s2 t2">{t("colleague.what")}</p>
      {may(me, "people.manage") ? (
        <p>
          <Link to="/settings/people" search={{ open: "new" }}>
            {t(colleagues > 0 ? "colleague.another" : "colleague.invite")}
          </Link>
        </p>
      ) : (
        <p className="s2 t3">{t("colleague.not_yours")}</p>
      )}
    </Step>
  );
}

function ConversationStep({ conversations, hosted }: Pick<FirstSteps, "conversations"> & { hosted: string }) {
  const { t } = useTranslation("start");
  const me = useMe();
  return (
    <Step number={4} title={t("talk.title")} done={conversations > 0 ? t("talk.done") : null}>
      <p className="s2 t2">{t("talk.what")}</p>
      <p className="row wrap">
        <a href={hosted} target="_blank" rel="noopener">
          {t("talk.open")}
        </a>
        {may(me, "desk") && (
          <Link to="/inbox" search={{}}>
            {t("talk.desk")}
          </Link>
        )}
      </p>
    </Step>
  );
}

/** What whoever opened a company does in the first quarter of an hour, and how far they have come. */
export function FirstStepsPage() {
  const { t } = useTranslation("start");
  const navigate = useNavigate();
  const { firstStepsOver } = usePrefs();
  const found = useQuery(firstStepsNow);
  const steps = found.data;
  const dismiss = () => {
    choose({ firstStepsOver: true });
    toast(t("dismissed"));
    void navigate({ to: "/" });
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      acts={!firstStepsOver && steps && !isAllDone(steps) && <Button onClick={dismiss}>{t("dismiss")}</Button>}
    >
      <Failed of={found} />
      {found.isPending && <LoadingCards cards={4} lines={3} className="settings-cards" card="card settings-one" />}
      {steps && <Steps steps={steps} />}
    </Page>
  );
}

function Steps({ steps }: { steps: FirstSteps }) {
  const { t } = useTranslation("start");
  const hosted = new URL(atHome(`/c/${encodeURIComponent(steps.site.key)}`), location.href).href;
  return (
    <>
      <p role="status" className={isAllDone(steps) ? "notice ok first-steps-over" : "first-steps-over"}>
        {isAllDone(steps) && t("over")}
      </p>
      <ol className="settings-cards first-steps">
        <SiteStep site={steps.site} hosted={hosted} />
        <ColleagueStep colleagues={steps.colleagues} />
        <AnswersStep answers={steps.answers} />
        <ConversationStep conversations={steps.conversations} hosted={hosted} />
      </ol>
    </>
  );
}

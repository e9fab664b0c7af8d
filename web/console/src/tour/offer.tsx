import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { startTour, type TourName } from "../lib/learning";
import { choose } from "../lib/prefs";
import "../shell/alert-banner.css";

/** Offers a tour once, above the page: it is taken now, or from one's own menu whenever one likes. */
export function Offer({ tour }: { tour: TourName }) {
  const { t } = useTranslation("tour");
  return (
    <section className="alert-banner announcement-banner" aria-label={t("offer.label")}>
      <Icon name="help" />
      <span>{t("offer", { tour: t(`name.${tour}`) })}</span>
      <span className="grow" />
      <Button size="small" type="primary" onClick={() => startTour(tour)}>
        {t("offer.start")}
      </Button>
      <Button size="small" onClick={() => choose({ tourAnswered: true })}>
        {t("offer.later")}
      </Button>
    </section>
  );
}

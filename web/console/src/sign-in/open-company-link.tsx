import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { openingOffer } from "../open-company/queries";

/** Leads to where anybody opens a company, if the installation lets them. */
export function OpenCompanyLink() {
  const { t } = useTranslation("signin");
  const { data } = useQuery(openingOffer);
  if (!data?.offered) return null;
  return (
    <p className="s2">
      <Link to="/open">{t("open_company")}</Link>
    </p>
  );
}

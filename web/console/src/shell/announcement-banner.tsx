import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { announcements } from "../lib/announcements";
import { Icon } from "../lib/icon";
import { usePlace } from "./use-place";
import "./alert-banner.css";

/** On every page, while the member has not read something that the staff are told: the latest of it, and the way there. */
export function AnnouncementBanner() {
  const { t } = useTranslation("desk");
  const { data } = useQuery(announcements);
  const { page } = usePlace();
  const first = data?.items.find((one) => one.to_me && one.read_at === null);
  if (!data || !first || page?.id === "announcements") return null;
  return (
    <div className="alert-banner announcement-banner" role="status">
      <Icon name="info" />
      <b>{t("announcement.title")}</b>
      <Link className="el" to="/announcements">
        <bdi>{first.title}</bdi>
      </Link>
      <span className="grow" />
      <Link className="alert-all" to="/announcements">
        {data.unread > 1 ? t("announcement.many", { count: data.unread }) : t("announcement.read")}
      </Link>
    </div>
  );
}

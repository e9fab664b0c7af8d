import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AnnouncementForm } from "../announcements/announcement-form";
import { announcements } from "../lib/announcements";
import { Icon } from "../lib/icon";

/** Tells the agents something, for those who may. */
export function Announce() {
  const { t } = useTranslation("floor");
  const { data } = useQuery(announcements);
  const [making, setMaking] = useState(false);
  const told = data?.may_tell;
  if (!told || (!told.everybody && told.groups.length === 0)) return null;
  return (
    <>
      <Button onClick={() => setMaking(true)}>
        <Icon name="message" />
        {t(told.everybody ? "announce" : "announce.group")}
      </Button>
      {making && <AnnouncementForm told={told} onClose={() => setMaking(false)} />}
    </>
  );
}

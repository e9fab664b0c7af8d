import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { LoadingCards } from "../lib/loading";
import { Page } from "../lib/page";
import { useStore } from "../lib/store";
import { useLive } from "../live/context";
import { Board } from "./board";
import { indicatorMap } from "./model";
import { firstPanel, indicators } from "./queries";
import "./panel.css";

export function PanelPage() {
  const { t } = useTranslation("panel");
  const live = useLive();
  const pushed = useStore(live.panel);
  const first = useQuery(firstPanel);
  const { data: definitions } = useQuery(indicators);
  useEffect(() => {
    live.followPanel(true);
    return () => live.followPanel(false);
  }, [live]);
  const panel = pushed && (!first.data || pushed.value.as_of >= first.data.as_of) ? pushed.value : first.data;
  if (!panel)
    return (
      <Page title={t("title")}>
        <Failed of={first} />
        {first.isPending && <LoadingCards cards={6} lines={4} className="board board-loading" card="card" />}
      </Page>
    );
  return <Board panel={panel} names={indicatorMap(definitions)} />;
}

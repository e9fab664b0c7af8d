import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { initial, useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { about } from "./queries";

/** The conversations in which customers asked about a product, exactly as many as the number says. */
export function AskedDrawer({ row, onClose }: { row: StaffGoodsRow; onClose(): void }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const pages = useInfiniteQuery(about(row.id));
  const listed = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const items = listed.flatMap(({ conversation, at }) => (conversation ? [{ conversation, at }] : []));
  const total = pages.data?.pages[0]?.count;
  return (
    <Dialog
      open
      placement="end"
      title={t("asked.title", { name: say(row.name, language) })}
      closeLabel={t("close")}
      onClose={onClose}
    >
      <div className="goods-asked">
        {total !== undefined && (
          <p>
            <b className="n">{t("asked.total", { count: total, n: count(total, language) })}</b>{" "}
            <span className="t3 s2">{t("asked.since")}</span>
          </p>
        )}
        {pages.isPending && (
          <div className="goods-loading" role="status" aria-label={t("loading")}>
            <span className="skeleton" />
            <span className="skeleton" />
          </div>
        )}
        <Failed of={pages} />
        {total === 0 && <p className="empty">{t("asked.none")}</p>}
        <ol>
          {items.map(({ conversation, at }) => (
            <li key={conversation.id}>
              <Link
                to="/inbox/$conversation"
                params={{ conversation: conversation.id }}
                search={{}}
                className="goods-asked-row"
              >
                <span className="av sm" aria-hidden="true">
                  {initial(nameOf(conversation.customer))}
                </span>
                <span className="grow goods-names">
                  <span className="row">
                    <b className="el" dir="auto">
                      {titleOf(conversation)}
                    </b>
                    <time className="end s1 t3">{dayAndTime(at, me.time_zone)}</time>
                  </span>
                  {conversation.preview?.text && (
                    <span className="el t2 s2" lang={tagOf(conversation.lang)} dir="auto">
                      {conversation.preview.text}
                    </span>
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ol>
        {pages.hasNextPage && (
          <Button block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

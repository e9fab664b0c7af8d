import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { mentions } from "./queries";

/** Above the lists: the notes that call the reader and that they have not seen, each with the way to it. */
export function MentionNotice() {
  const { t } = useTranslation("desk");
  const { data } = useQuery(mentions);
  const seen = useMutation({
    mutationFn: (conversation: string) => call("POST", "/mentions/seen", { body: { conversation } }),
  });
  const unseen = data?.items.filter((one) => !one.seen) ?? [];
  return (
    <div role="status">
      {unseen.length > 0 && (
        <div className="notice left-notice">
          <Icon name="bell" />
          <div className="grow">
            <p className="b">{t("mention.unseen", { count: unseen.length })}</p>
            <ul>
              {unseen.map((one) => (
                <li key={`${one.conversation}${one.seq}`}>
                  <Link
                    to="/inbox/$conversation"
                    params={{ conversation: one.conversation }}
                    search={{ note: one.seq }}
                    className="el"
                    dir="auto"
                    onClick={() => seen.mutate(one.conversation)}
                  >
                    {t("mention.one", { name: one.by, text: one.text })}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}

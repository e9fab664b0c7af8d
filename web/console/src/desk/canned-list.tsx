import type { CannedReply } from "@yingda/api/types";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { bodyFor } from "./canned";

interface Props {
  id: string;
  loading: boolean;
  failed: boolean;
  matches: readonly CannedReply[];
  chosen: number;
  lang: string;
  onChoose(index: number): void;
  onUse(reply: CannedReply): void;
}

/** The canned replies found by typing `/`. Focus stays in the text; arrows choose, Enter inserts. */
export function CannedList({ id, loading, failed, matches, chosen, lang, onChoose, onUse }: Props) {
  const { t } = useTranslation("desk");
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [chosen, matches]);
  return (
    <div className="canned-pop">
      <ul id={id} ref={list} role="listbox" aria-label={t("composer.canned")}>
        {matches.map((reply, index) => {
          const body = bodyFor(reply, lang);
          return (
            <li
              key={reply.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseMove={() => {
                if (index !== chosen) onChoose(index);
              }}
              onMouseDown={(event) => {
                event.preventDefault();
                onUse(reply);
              }}
            >
              <code>{`/${reply.shortcode}`}</code>
              <b className="el" dir="auto">
                {reply.title}
              </b>
              <span className="el t2" lang={body.lang} dir="auto">
                {body.text}
              </span>
            </li>
          );
        })}
      </ul>
      {matches.length === 0 && (
        <p className="canned-none" role="status">
          {loading ? t("canned.loading") : failed ? t("canned.failed") : t("canned.none")}
        </p>
      )}
    </div>
  );
}

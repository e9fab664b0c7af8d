import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { useMentions } from "./use-mentions";

/** The colleagues found by typing `@` in a note. Focus stays in the text; arrows choose, Enter inserts. */
export function MentionList({ id, of }: { id: string; of: ReturnType<typeof useMentions> }) {
  const { t } = useTranslation("desk");
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [of.at, of.matches]);
  return (
    <div className="canned-pop">
      <ul id={id} ref={list} role="listbox" aria-label={t("composer.mention")}>
        {of.matches.map((one, index) => (
          <li
            key={one.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === of.at}
            onMouseMove={() => {
              if (index !== of.at) of.choose(index);
            }}
            onMouseDown={(event) => {
              event.preventDefault();
              of.use(index);
            }}
          >
            <b className="el" dir="auto">
              {one.name}
            </b>
            <span className="t3 n">{one.number}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

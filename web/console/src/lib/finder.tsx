import { Input } from "@yingda/antd";
import { useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { Field } from "./field";
import { Icon } from "./icon";
import { useTyped } from "./use-typed";
import "./finder.css";

/** The most that are offered at a time. */
const most = 8;

export interface Found {
  id: string;
  title: string;
}

interface FinderProps<T> {
  label: string;
  error?: string | undefined;
  /** Looks for what contains these words. */
  // biome-ignore lint/suspicious/noExplicitAny: the key of a query may be any
  find(q: string): UseQueryOptions<T[], Error, T[], any>;
  show(one: T): Found;
  /** Those that are chosen already. */
  without: readonly string[];
  onPick(one: Found): void;
}

/** Finds something by words and adds it. */
export function Finder<T>({ label, error, find, show, without, onPick }: FinderProps<T>) {
  const { t } = useTranslation("kit");
  const [q, setQ] = useState("");
  const [words, setWords] = useTyped(q, setQ);
  const found = useQuery({ ...find(q), enabled: q !== "" });
  const offered = (q === "" ? [] : (found.data ?? []))
    .map(show)
    .filter(({ id }) => !without.includes(id))
    .slice(0, most);
  return (
    <div className="finder">
      <Field label={label} error={error}>
        {(ids) => (
          <Input
            {...ids}
            type="search"
            allowClear
            autoComplete="off"
            maxLength={200}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              // Enter adds the first; it must not save the form.
              if (pressed(event) !== "Enter") return;
              event.preventDefault();
              if (offered[0]) onPick(offered[0]);
            }}
          />
        )}
      </Field>
      {q !== "" && <Failed of={found} />}
      {offered.length > 0 && (
        <ul className="finder-offered" aria-label={t("found")}>
          {offered.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => onPick(one)}>
                <Icon name="plus" />
                <bdi className="el">{one.title}</bdi>
                <span className="n s1 t3">{one.id}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {q !== "" && found.isSuccess && offered.length === 0 && (
        <p className="s2 t3" role="status">
          {t("found.none")}
        </p>
      )}
    </div>
  );
}

import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Schema } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { dayOf } from "../lib/format";
import { useUndo } from "../lib/mutations";
import { useProblemText } from "../lib/problem";
import { SearchField } from "../lib/search-field";
import { useMe } from "../lib/session";
import { useTyped } from "../lib/use-typed";
import { useCustomerName } from "./names";
import { customers, useMerge, useUndoMerge } from "./queries";

type Customer = Schema<"CustomerSummary">;

/** What tells customers of one name apart. */
function About({ of }: { of: Customer }) {
  const { t } = useTranslation("customers");
  const { time_zone: zone } = useMe();
  return (
    <span className="s2 t3 row wrap">
      {[...new Set(of.contacts.map(({ masked }) => masked))].map((masked) => (
        <bdi key={masked}>{masked}</bdi>
      ))}
      <span>{t("since", { day: dayOf(of.created_at, zone) })}</span>
    </span>
  );
}

/** Looks for the customer who is the same person, says what merging means, and does it. */
export function MergeDialog({ into, onClose }: { into: Customer; onClose(): void }) {
  const { t } = useTranslation("customers");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const nameOf = useCustomerName();
  const merge = useMerge();
  const undoMerge = useUndoMerge();
  const undo = useUndo();
  const [q, setQ] = useState("");
  const [words, setWords] = useTyped(q, setQ);
  const [chosen, setChosen] = useState<Customer | null>(null);
  const found = useInfiniteQuery({ ...customers(q), enabled: q !== "" });
  const offered =
    q === "" ? [] : (found.data?.pages.flatMap(({ items }) => items) ?? []).filter(({ id }) => id !== into.id);
  const act = (other: Customer) =>
    merge.mutate(
      { id: other.id, into: into.id },
      {
        onSuccess: () => {
          onClose();
          undo(t("merged.done"), () => undoMerge.mutateAsync(other.id));
        },
      },
    );
  return (
    <Dialog open title={t("merge")} closeLabel={shell("close")} onClose={onClose} width="32rem">
      <div className="customer-merge">
        {chosen === null ? (
          <>
            <p>{t("merge.find", { name: nameOf(into) })}</p>
            <SearchField label={t("search")} value={words} onChange={setWords} />
            <span className="s2 t3">{t("search.what")}</span>
            {q !== "" && <Failed of={found} />}
            {offered.length > 0 && (
              <ul className="customer-offered" aria-label={t("title")}>
                {offered.map((one) => (
                  <li key={one.id}>
                    <button type="button" onClick={() => setChosen(one)}>
                      <b dir="auto">{nameOf(one)}</b>
                      <About of={one} />
                    </button>
                  </li>
                ))}
              </ul>
            )}
            {q !== "" && found.isSuccess && !found.isPlaceholderData && offered.length === 0 && (
              <p role="status">{t("none.found", { q })}</p>
            )}
          </>
        ) : (
          <>
            <p>{t("merge.ask", { other: nameOf(chosen), name: nameOf(into) })}</p>
            <About of={chosen} />
            <p className="s2 t3">{t("merge.what", { name: nameOf(into) })}</p>
            {merge.error && (
              <p className="notice hot" role="alert">
                {text(merge.error)}
              </p>
            )}
            <div className="row end">
              <Button
                onClick={() => {
                  merge.reset();
                  setChosen(null);
                }}
              >
                {t("known.back")}
              </Button>
              <Button type="primary" loading={merge.isPending} onClick={() => act(chosen)}>
                {t("merge.act")}
              </Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

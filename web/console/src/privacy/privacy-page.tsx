import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Erasure } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { download } from "../lib/download";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { may, useMe } from "../lib/session";
import { Switched } from "../lib/switched";
import { Table } from "../lib/table";
import { toast } from "../lib/toast";
import { erasures, erasureSettings, proofOf, useDecide, useSetErasureSettings } from "./queries";
import { Retention } from "./retention";
import { Uses } from "./uses";
import "./privacy.css";

/** Who is no member of the staff, and the word for each. */
const others = new Map([
  ["customer", "by.customer"],
  ["terminal", "by.terminal"],
  ["system", "by.system"],
]);

/** The places that have words of their own; the proof names all of them. */
const named = new Set([
  "messages",
  "files",
  "conversations",
  "comments",
  "letters",
  "account",
  "phrasings",
  "interests",
]);

/** Whether a second person confirms what is erased. */
function FourEyes() {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const read = useQuery(erasureSettings);
  const found = read.data;
  const set = useSetErasureSettings();
  const refuse = useRefused();
  if (!found) return <Failed of={read} />;
  if (!may(me, "settings"))
    return <p className="s2 t3">{found.four_eyes ? t("four_eyes.is_on") : t("four_eyes.is_off")}</p>;
  return (
    <Switched
      label={t("four_eyes")}
      hint={t("four_eyes.hint")}
      value={found.four_eyes}
      onChange={(on) =>
        set.mutate({ four_eyes: on }, { onSuccess: () => toast(t("four_eyes.saved")), onError: refuse })
      }
    />
  );
}

/** What can be done with an erasure: decide about it, or keep its proof. */
function ErasureActs({ erasure }: { erasure: Erasure }) {
  const { t } = useTranslation("privacy");
  const decide = useDecide();
  const refuse = useRefused();
  const answer = (yes: boolean, told: string) =>
    decide.mutate({ id: erasure.id, yes }, { onSuccess: () => toast(told), onError: refuse });
  const save = async () => {
    try {
      const proof = await proofOf(erasure.id);
      download(`${erasure.id}.json`, new Blob([JSON.stringify(proof, null, 2)], { type: "application/json" }));
    } catch (error) {
      refuse(error);
    }
  };
  const acts: Act[] =
    erasure.state === "waiting"
      ? [
          ...(erasure.is_own
            ? []
            : [
                {
                  word: t("confirm"),
                  asks: { ask: t("confirm.ask"), what: t("confirm.what"), danger: true },
                  run: () => answer(true, t("confirmed")),
                },
              ]),
          { word: erasure.is_own ? t("withdraw") : t("decline"), run: () => answer(false, t("declined")) },
        ]
      : erasure.state === "done"
        ? [{ word: t("proof"), run: () => void save() }]
        : [];
  return acts.length > 0 ? <RowActs name={t(`kind.${erasure.kind}`)} acts={acts} /> : null;
}

/** What was erased of people, what waits for a second person, and how the company erases. */
export function PrivacyPage() {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const { language } = usePrefs();
  const found = useInfiniteQuery(erasures);
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const by = (name: string) => {
    const other = others.get(name);
    return other ? t(other) : name;
  };
  const erased = (one: Erasure) => {
    const sums = new Map<string, number>();
    for (const { place, count: n } of one.places) {
      const word = named.has(place) ? place : "other";
      sums.set(word, (sums.get(word) ?? 0) + n);
    }
    return [...sums]
      .map(([place, n]) => t("place.n", { place: t(`place.${place}`), n: count(n, language) }))
      .join(t("place.and"));
  };
  return (
    <ListPage
      title={t("title")}
      about={<span className="s2 t3">{t("about")}</span>}
      of={found}
      rows={all}
      above={
        <>
          <FourEyes />
          <Retention />
          <Uses />
        </>
      }
      loading={<LoadingRows rows={4} className="" />}
      empty={
        <>
          <p>{t("empty")}</p>
          <p>{t("empty.what")}</p>
        </>
      }
    >
      <Table
        label={t("title")}
        rows={all}
        keyOf={(one) => one.id}
        columns={[
          {
            id: "what",
            title: t("column.what"),
            isHeading: true,
            cell: (one) => (
              <>
                <b>{t(`kind.${one.kind}`)}</b>
                <span className="s2 t3"> {t(`reason.${one.reason}`)}</span>
              </>
            ),
          },
          { id: "state", title: t("column.state"), cell: (one) => t(`state.${one.state}`) },
          {
            id: "asked",
            title: t("column.asked"),
            cell: (one) => (
              <>
                <bdi>{by(one.asked_by)}</bdi> <span className="s2 t3">{dayAndTime(one.asked_at, me.time_zone)}</span>
              </>
            ),
          },
          {
            id: "decided",
            title: t("column.decided"),
            cell: (one) => (one.decided_by === null ? "" : <bdi>{one.decided_by}</bdi>),
          },
          { id: "erased", title: t("column.erased"), cell: (one) => <span className="s2">{erased(one)}</span> },
          {
            id: "acts",
            title: t("column.acts"),
            isTitleHidden: true,
            narrow: "beside",
            cell: (one) => <ErasureActs erasure={one} />,
          },
        ]}
      />
    </ListPage>
  );
}

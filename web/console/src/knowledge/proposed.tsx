import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { signPressed } from "@yingda/api/keys";
import type { Asked, LearningReason, UnansweredGroup } from "@yingda/api/types";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { count, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { Listed } from "../lib/listed";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { readsEverything } from "../lib/roles";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { patchEntry, unanswered, useSettle, entry as entryQuery } from "./queries";
import type { Beginning } from "./new-entry";
import type { Undone } from "./undo";
import { reasons } from "./search";
import { withPhrasings } from "./texts";

interface ProposedProps {
  reason: LearningReason | undefined;
  onReason(reason: LearningReason | undefined): void;
  /** The place of the question that the user followed here: `conversation.seq`. */
  asked?: string | undefined;
  onMake(group: UnansweredGroup, beginning: Beginning): void;
  onUndo(undo: Undone): void;
  onOpen(id: string): void;
}

/**
 * The questions the bot could not answer, grouped if they are the same: each is made into an entry, added to one, or dismissed. A queue that can be finished.
 */
export function Proposed({ asked, reason, onReason, onMake, onUndo, onOpen }: ProposedProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const list = useInfiniteQuery(unanswered(reason, asked));
  const groups = list.data?.pages.flatMap((page) => page.items) ?? [];
  const wanted = asked ? groups.find((group) => group.asked.some((one) => placeOf(one) === asked)) : undefined;
  const box = useRef<HTMLUListElement>(null);
  const shown = useRef("");
  useEffect(() => {
    if (!wanted || !asked || shown.current === asked) return;
    shown.current = asked;
    const card = box.current?.querySelector<HTMLElement>("[aria-current]");
    card?.scrollIntoView?.({ block: "center" });
    card?.focus({ preventScroll: true });
  }, [wanted, asked]);
  return (
    <section className="kn-proposed" aria-label={t("proposed")} data-pane tabIndex={-1}>
      <header className="row wrap">
        <h2>{t("proposed")}</h2>
        <span className="t3">{count(list.data?.pages[0]?.groups, language)}</span>
        <span className="grow" />
        <span className="row s1 t3 kn-proposed-keys">
          <Kbd keys="A" />
          {t("proposed.make")}
          <Kbd keys="M" />
          {t("proposed.add")}
          <Kbd keys="X" />
          {t("proposed.dismiss")}
        </span>
      </header>
      <div className="row wrap">
        <p className="s2 t2 grow">{t("proposed.what")}</p>
        <Filter
          label={t("reason")}
          all={t("reason.all")}
          options={reasons.map((one) => ({ value: one, word: t(`reason.${one}`) }))}
          value={reason}
          onChange={onReason}
        />
      </div>
      {asked && list.isSuccess && !list.isPlaceholderData && !wanted && (
        <p className="notice" role="status">
          {t("proposed.settled")}
        </p>
      )}
      <Listed
        of={list}
        rows={groups}
        loading={
          <div role="status" aria-label={t("loading")}>
            {[1, 2, 3].map((n) => (
              <span key={n} className="skeleton kn-skeleton-tall" />
            ))}
          </div>
        }
        empty={
          reason === undefined ? (
            <>
              <p>{t("proposed.none")}</p>
              <p>{t("proposed.none_what")}</p>
            </>
          ) : (
            <>
              <p>{t("empty.filtered")}</p>
              <Button onClick={() => onReason(undefined)}>{t("filter.clear")}</Button>
            </>
          )
        }
      >
        <ul ref={box} className="kn-groups-list">
          {groups.map((group) => (
            <Group
              key={`${group.asked[0]?.conversation}${group.asked[0]?.seq}`}
              group={group}
              current={group === wanted}
              onMake={onMake}
              onUndo={onUndo}
              onOpen={onOpen}
            />
          ))}
        </ul>
      </Listed>
    </section>
  );
}

/** Leads to a conversation; who does not read all conversations sees the words without it. */
function Place({
  conversation,
  className,
  children,
}: {
  conversation: string;
  className?: string;
  children: ReactNode;
}) {
  const me = useMe();
  if (!readsEverything(me)) return <span className={className}>{children}</span>;
  return (
    <Link className={className} to="/inbox/$conversation" params={{ conversation }}>
      {children}
    </Link>
  );
}

/** What agents answered to these questions: a proposal. */
function Mined({ group }: { group: UnansweredGroup }) {
  const { t } = useTranslation("knowledge");
  const me = useMe();
  const { answer } = group;
  if (!answer) return null;
  return (
    <figure className="kn-mined">
      <figcaption className="s1 t3">
        {t("mined", { count: answer.replies })}
        {readsEverything(me) && (
          <>
            <span className="dot" />
            <Place className="kn-chat-link" conversation={answer.conversation}>
              {t("mined.source")}
            </Place>
          </>
        )}
      </figcaption>
      <blockquote className="s2" lang={answer.lang} dir="auto">
        {answer.text}
      </blockquote>
      {answer.masked && <p className="s1 t3">{t("mined.masked")}</p>}
    </figure>
  );
}

/** The latest places where it was asked: when, in which words, and the conversation. */
function Places({ group }: { group: UnansweredGroup }) {
  const { t } = useTranslation("knowledge");
  const me = useMe();
  return (
    <ol className="kn-places s2">
      {group.places.map((place, at) => {
        const one = group.asked[at];
        return (
          one && (
            <li key={placeOf(one)}>
              <Place className="kn-place" conversation={one.conversation}>
                <span className="n t3">{dayAndTime(place.at, me.time_zone)}</span>{" "}
                <span className="el" lang={group.lang} dir="auto">
                  {place.text}
                </span>
              </Place>
            </li>
          )
        );
      })}
      {group.asked.length > group.places.length && (
        <li className="t3">{t("proposed.further", { count: group.asked.length - group.places.length })}</li>
      )}
    </ol>
  );
}

/** A place where a question was asked, in the form used in the page's address. */
const placeOf = (one: Asked) => `${one.conversation}.${one.seq}`;

function Group({
  group,
  current,
  onMake,
  onUndo,
  onOpen,
}: Omit<ProposedProps, "asked" | "reason" | "onReason"> & { group: UnansweredGroup; current: boolean }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const settle = useSettle();
  const [all, setAll] = useState(false);
  const queryClient = useQueryClient();
  const back = () =>
    settle.mutate({ asked: group.asked, settled: "open" }, { onError: (error) => toast(text(error), "hot") });
  // The card is gone before the answer arrives, so what follows must not depend on it.
  const dismiss = () =>
    void settle.mutateAsync({ asked: group.asked, settled: "dismissed" }).then(
      () => onUndo({ key: Date.now(), text: t("proposed.dismissed", { name: group.question }), act: back }),
      (error: unknown) => toast(text(error), "hot"),
    );
  const make = () =>
    onMake(group, {
      question: group.phrasings[0] ?? group.question,
      phrasings: group.phrasings.slice(1),
      answer: group.answer,
    });
  const add = async () => {
    const id = group.near?.id;
    if (!id) return;
    try {
      const current = await queryClient.fetchQuery({ ...entryQuery(id), staleTime: 0 });
      await patchEntry(id, { similar: withPhrasings(current.draft, group.phrasings).similar }, current.updated_at);
      await settle.mutateAsync({ asked: group.asked, settled: "answered", entry: id });
      toast(t("proposed.added", { name: say(group.near?.name, language) }));
      onOpen(id);
    } catch (error) {
      toast(isProblem(error, "conflict") ? t("proposed.conflict") : text(error), "hot");
    }
  };
  const name = group.question;
  return (
    <li
      className="card kn-group-card"
      tabIndex={0}
      aria-label={name}
      aria-current={current ? "true" : undefined}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
        const act = { a: make, m: () => void add(), x: dismiss }[signPressed(event).toLowerCase()];
        if (!act || settle.isPending) return;
        event.preventDefault();
        act();
      }}
    >
      <div className="grow">
        <h3 lang={group.lang} dir="auto">
          {name}
        </h3>
        {group.examples.length > 1 && (
          <p className="s2 t2 kn-examples" lang={group.lang} dir="auto">
            {group.examples
              .slice(1, 5)
              .map((one) => t("quoted", { words: one }))
              .join(t("and"))}
          </p>
        )}
        <p className="s1 t3">
          {t("proposed.asked", { count: group.count })}
          <span className="dot" />
          {t("proposed.last", { when: dayAndTime(group.last_at, me.time_zone) })}
          <span className="dot" />
          <button
            type="button"
            className="kn-chat-link"
            aria-expanded={all}
            aria-label={t("proposed.all_one", { name })}
            onClick={() => setAll(!all)}
          >
            {all ? t("proposed.fewer") : t("proposed.all")}
          </button>
        </p>
        <p className="row wrap s1">
          {group.reasons.map((one) => (
            <span key={one.reason} className={one.reason === "not_helpful" ? "tag hot" : "tag"}>
              {t(`reason.${one.reason}`)}
              {one.count > 1 && ` ${count(one.count, language)}`}
            </span>
          ))}
          {group.poor && (
            <button type="button" className="kn-chat-link" onClick={() => onOpen(group.poor?.id ?? "")}>
              {t("proposed.poor", { name: say(group.poor.name, language) })}
            </button>
          )}
        </p>
        {all && <Places group={group} />}
        <Mined group={group} />
      </div>
      <div className="row wrap kn-group-acts">
        <Button
          size="small"
          aria-label={t(group.answer ? "proposed.approve_one" : "proposed.make_one", { name })}
          onClick={make}
        >
          {group.answer ? t("proposed.approve") : t("proposed.make")}
        </Button>
        {group.near && (
          <Button size="small" loading={settle.isPending} onClick={() => void add()}>
            <span className="el">
              {group.pressed > 0
                ? t("proposed.add_pressed", { name: say(group.near.name, language), count: group.pressed })
                : t("proposed.add_to", { name: say(group.near.name, language) })}
            </span>
          </Button>
        )}
        <button
          type="button"
          className="ib s"
          aria-label={t("proposed.dismiss_one", { name })}
          title={t("proposed.dismiss")}
          disabled={settle.isPending}
          onClick={dismiss}
        >
          <Icon name="close" />
        </button>
      </div>
    </li>
  );
}

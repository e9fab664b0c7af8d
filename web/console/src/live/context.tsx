import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@yingda/api/conversation";
import type { CompanyKind } from "@yingda/api/kinds";
import type { Me } from "@yingda/api/types";
import type { Feature } from "../lib/features";
import { practice } from "../lib/practice";
import { useProblemText } from "../lib/problem";
import { useTitleOf } from "../lib/people";
import { readAgain } from "../lib/read-again";
import { forgetPerson, meQuery, signedOut, useMe } from "../lib/session";
import { useStore } from "../lib/store";
import { toast } from "../lib/toast";
import { reloads } from "../made/reloads";
import { notify, play } from "./attention";
import { countWaiting, groupMine } from "./lists";
import { adoptOwn } from "./own";
import { Live } from "./live";
import { paced } from "./paced";
import { forgetPicked } from "./place";

/** What a tone is about: the conversation as far as it is told. */
const told = ({ id, seq }: Pick<ConversationView, "id" | "seq">) => `${id} ${seq}`;

const Context = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error("useLive is called outside LiveProvider");
  return live;
}

export const useStatus = () => useStore(useLive().status);
export const useUnsent = () => useStore(useLive().unsent);
export const useKept = () => useStore(useLive().kept);
export const useOutdated = () => useStore(useLive().outdated);
export const useLeft = () => useStore(useLive().left);
export const useLists = () => useStore(useLive().lists);

export function useConversation(id: string): ConversationView {
  const live = useLive();
  useEffect(() => live.watch(id), [live, id]);
  return useStore(useMemo(() => live.conversation(id), [live, id]));
}

export function useGroups() {
  const lists = useLists();
  return useMemo(() => (lists ? groupMine(lists.mine.values()) : null), [lists]);
}

export function useWaitingForMe(): number {
  const { lists } = useLive();
  return useSyncExternalStore(lists.subscribe, () => countWaiting(lists.get()?.mine.values() ?? []));
}

/** The row of one conversation, and whether it is the agent's own; redrawn only when that row changes. */
export function useListed(id: string) {
  const { lists } = useLive();
  const listed = useSyncExternalStore(lists.subscribe, () => lists.get()?.mine.get(id) ?? lists.get()?.queue.get(id));
  const mine = useSyncExternalStore(lists.subscribe, () => lists.get()?.mine.has(id) ?? false);
  return { listed, mine };
}

type Keys = readonly (readonly string[])[];
/** The queries of no page of their own that are read again when something has changed, by what changed. */
const common: Partial<Record<CompanyKind, Keys>> = {
  people_changed: [["colleagues"], ["me"], ["queues"]],
  queues_changed: [["queues"], ["colleagues"]],
  settings_changed: [["me"], ["queues"]],
  left_messages_changed: [["queues"]],
  mentions_changed: [["mentions"]],
};
/** The same of what becomes of the member's own conversations, and of the member's state. */
const ofOne = {
  resolved: [
    ["conversations", "resolved_today"],
    ["me", "today"],
  ],
  own: [["me"]],
} as const;

const everyReload: readonly NonNullable<Feature["reloads"]>[] = [common, ...reloads];
/** The queries to read again when something has changed. */
const outdated = (what: CompanyKind | keyof typeof ofOne): Keys =>
  what === "resolved" || what === "own" ? ofOne[what] : everyReload.flatMap((reloads) => reloads[what] ?? []);
/** All of those that are not about the member or the member's own conversations. */
const everything = [
  ...new Set(
    everyReload.flatMap((reloads) => Object.values(reloads).flatMap((keys) => keys.map(([first]) => first ?? ""))),
  ),
]
  .filter((first) => first !== "me" && first !== "conversations")
  .map((first) => [first]);

type Renewed = Parameters<typeof outdated>[0] | "everything";
/** How long changes are collected before the refetch, in milliseconds. Customers ask all day, so their questions are refetched less often. */
const pauses: Partial<Record<Renewed, number>> = { unanswered_changed: 2000 };
const pause = 250;

/** Whoever is available is so for no reason that anybody gave. */
const readyForAll = { state_by: null, state_reason: null };

/** Holds the connection while someone is signed in, and notifies the user. */
export function LiveProvider({ children, live: given }: { children: ReactNode; live?: Live }) {
  const me = useMe();
  const { t } = useTranslation("kit");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const [live] = useState(() => given ?? new Live(me));

  useLayoutEffect(() => {
    adoptOwn(me.agent);
    return () => adoptOwn(null);
  }, [me.agent]);
  const problemText = useProblemText();
  const titleOf = useTitleOf();
  const words = useRef(t);
  const title = useRef(titleOf);
  const problem = useRef(problemText);
  useEffect(() => {
    words.current = t;
    title.current = titleOf;
    problem.current = problemText;
  });

  useEffect(() => {
    const renew = paced(
      (what: Renewed) => {
        for (const queryKey of what === "everything" ? everything : outdated(what))
          void readAgain(queryClient, { queryKey });
      },
      (what) => pauses[what] ?? pause,
    );
    const show = (conversation: string) => void navigate({ to: "/inbox/$conversation", params: { conversation } });
    live.start({
      message(conversation) {
        play("message", told(conversation));
        notify(
          title.current(conversation),
          conversation.preview?.text || words.current("notify.message"),
          conversation.id,
          () => show(conversation.id),
        );
      },
      assigned(conversation) {
        play("assigned", told(conversation));
        notify(
          words.current("notify.assigned", { name: title.current(conversation) }),
          conversation.preview?.text ?? "",
          conversation.id,
          () => show(conversation.id),
        );
      },
      offered(conversation) {
        play("offered", told(conversation));
        notify(
          words.current("notify.offered", { name: title.current(conversation) }),
          conversation.preview?.text || conversation.subject || "",
          conversation.id,
          () => show(conversation.id),
        );
      },
      woken(conversation) {
        play("assigned", told(conversation));
        const said = words.current("notify.woken", { name: title.current(conversation) });
        toast(said, "plain", { word: words.current("notify.open"), run: () => show(conversation.id) });
        notify(said, conversation.preview?.text ?? "", conversation.id, () => show(conversation.id));
      },
      own(state, since) {
        const known = queryClient.getQueryData<Me>(meQuery.queryKey);
        if (known?.state === state && known.state_since === since) return;
        queryClient.setQueryData(
          meQuery.queryKey,
          (before: Me | undefined) =>
            before && { ...before, state, state_since: since, ...(state === "available" ? readyForAll : {}) },
        );
        // Somebody else may have set it, for a reason.
        if (state !== "available") renew.call("own");
      },
      changed(what) {
        renew.call(what);
      },
      refused(code) {
        toast(problem.current(code), "hot");
      },
    });
    return () => {
      renew.stop();
      live.stop();
    };
  }, [live, navigate, queryClient]);

  // A connection may end because this device was signed out elsewhere: ask the server, and leave if so. Drafts are kept.
  useEffect(() => {
    let wasLive = false;
    const look = () => {
      const { state } = live.status.get();
      // While the page begins to connect, it has just been read.
      if (state !== "live" && (wasLive || state === "down"))
        void queryClient.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => undefined);
      wasLive ||= state === "live";
    };
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      const { pathname } = router.state.location;
      live.stop();
      forgetPicked(me.agent);
      if (practice.isOn) {
        practice.toCompany("/practice");
        return;
      }
      void router
        .navigate({ to: "/sign-in", search: { why: "revoked", next: pathname }, ignoreBlocker: true })
        .then(() => forgetPerson(queryClient));
    };
    const ends = [live.status.subscribe(look), signedOut.subscribe(leave)];
    return () => {
      for (const end of ends) end();
    };
  }, [live, queryClient, router, me.agent]);

  return <Context.Provider value={live}>{children}</Context.Provider>;
}

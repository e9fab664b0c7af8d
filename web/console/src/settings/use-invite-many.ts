import type { InvitationPreview, InvitationResult, PreviewLine, Role } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { previewInvitations, useInviteMany } from "./queries";

/** The most people that the server takes at once. */
const AT_ONCE = 25;
/** How many conversations a new member serves at a time. */
const CAPACITY = 5;

/** What applies where a line says nothing. */
export interface Otherwise {
  role: Role;
  group: string;
  queues: readonly string[];
}

/** Many invitations: a list is read, shown, and sent a few at a time. */
export function useInvitations() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const text = useProblemText();
  const invite = useInviteMany();
  const [preview, setPreview] = useState<InvitationPreview | null>(null);
  const [results, setResults] = useState<readonly InvitationResult[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const invitable = preview?.lines.filter(({ outcome }) => outcome === "new") ?? [];

  /** Does something, and says why it failed. */
  const attempt = async (what: () => Promise<void>) => {
    setBusy(true);
    setFault(null);
    try {
      await what();
    } catch (error) {
      setFault(
        isProblem(error, "import_too_many")
          ? t("many.too_many")
          : isProblem(error, "import_no_rows")
            ? t("many.nobody")
            : text(error),
      );
    } finally {
      setBusy(false);
    }
  };
  const bodyOf = (line: PreviewLine, otherwise: Otherwise) => {
    const group = line.group ?? (otherwise.group === "" || line.department !== null ? null : otherwise.group);
    return {
      email: line.email,
      name: line.name,
      ...(line.number === null ? {} : { number: line.number }),
      role: line.role ?? otherwise.role,
      group,
      // The department of a group follows from it.
      ...(group === null && line.department !== null ? { department: line.department } : {}),
      queues: [...otherwise.queues],
      capacity: CAPACITY,
    };
  };
  return {
    preview,
    results,
    fault,
    busy,
    invitable,
    read: (file: Blob) => attempt(async () => setPreview(await previewInvitations(file))),
    send: (otherwise: Otherwise, by_mail: boolean) =>
      attempt(async () => {
        const people = invitable.map((line) => bodyOf(line, otherwise));
        const done: InvitationResult[] = [];
        try {
          for (let from = 0; from < people.length; from += AT_ONCE) {
            const some = people.slice(from, from + AT_ONCE);
            done.push(...(await invite.mutateAsync({ people: some, by_mail, lang: language })).items);
          }
        } finally {
          // What was invited before a failure is shown: its links are not shown again.
          if (done.length > 0) setResults(done);
        }
      }),
    again() {
      setPreview(null);
      setFault(null);
    },
  };
}

export type Invitations = ReturnType<typeof useInvitations>;

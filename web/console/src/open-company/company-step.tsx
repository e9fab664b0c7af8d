import { useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { spanInWords } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { PlainField } from "../sign-in/plain-field";
import { useWait, Wait } from "../sign-in/wait";
import type { Draft } from "./draft";
import { confirmOpening, type OpeningRequested } from "./queries";
import { isSlug, suggestedSlug, typedSlug } from "./slug";

const shown = ["code", "name", "slug"] as const;
type Name = (typeof shown)[number];
type Faults = Partial<Record<Name, string>>;

/** Where the administrator begins after having chosen a password. */
const next = "/settings/start";

/** The address of the sign-in link with the page that follows. The secret stays behind the `#`, which no server is sent. */
function withNext(link: string): string {
  const url = new URL(link, location.href);
  url.searchParams.set("next", next);
  return url.href;
}

interface CompanyStepProps {
  draft: Draft;
  set(change: Partial<Draft>): void;
  asked: OpeningRequested;
  /** What stands before the short name in the address. */
  below: string;
  /** Another code is sent, perhaps to another address. */
  onAgain(): void;
}

/** The second step: the code, and what the company is called. */
export function CompanyStep({ draft, set, asked, below, onAgain }: CompanyStepProps) {
  const { t } = useTranslation("opening");
  const text = useProblemText();
  const { language } = usePrefs();
  const form = useRef<HTMLFormElement>(null);
  const [sent] = useState(() =>
    t("sent", { email: draft.email.trim(), time: spanInWords(asked.expires_at - Date.now(), language) }),
  );
  const [code, setCode] = useState("");
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const wait = useWait();
  const slug = draft.slug ?? suggestedSlug(draft.name, draft.email);

  const refuse = (found: Faults) => {
    setFaults(found);
    const first = shown.find((name) => found[name] !== undefined);
    if (first) form.current?.querySelector<HTMLInputElement>(`input[name=${first}]`)?.focus();
  };
  const forget = (name: Name) => setFaults(({ [name]: _, ...others }) => others);
  const faultsOf = (reason: unknown): Faults | null => {
    if (!isProblem(reason)) return null;
    if (reason.code === "code_wrong") return { code: t("code_wrong") };
    if (reason.code === "code_expired") return { code: t("code_expired") };
    if (reason.code === "invalid_value" && reason.field === "slug") return { slug: t("slug_rule") };
    const name = shown.find((one) => one === reason.field);
    return name ? { [name]: text(reason) } : null;
  };
  const missing = (): Faults => ({
    ...(code.trim() === "" ? { code: t("code_missing") } : {}),
    ...(draft.name.trim() === "" ? { name: t("name_missing") } : {}),
    ...(isSlug(slug) ? {} : { slug: t("slug_rule") }),
  });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || wait.until !== null) return;
    const found = missing();
    if (Object.keys(found).length > 0) return refuse(found);
    setBusy(true);
    setError(null);
    try {
      const { link } = await confirmOpening({ handle: asked.handle, code: code.trim(), name: draft.name.trim(), slug });
      location.assign(withNext(link));
    } catch (reason) {
      const at = faultsOf(reason);
      if (isProblem(reason, "too_many_requests")) wait.begin(reason);
      else if (at) refuse(at);
      else setError(text(reason));
      setBusy(false);
    }
  };

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
      <p className="notice ok" role="status">
        {sent}
      </p>
      <PlainField
        label={t("code")}
        error={faults.code}
        className="input signin-code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
        autoFocus
        value={code}
        onChange={(event) => {
          setCode(event.target.value);
          forget("code");
        }}
      />
      <PlainField
        label={t("name")}
        error={faults.name}
        name="name"
        autoComplete="organization"
        maxLength={60}
        value={draft.name}
        onChange={(event) => {
          set({ name: event.target.value });
          forget("name");
        }}
      />
      <PlainField
        label={t("slug")}
        error={faults.slug}
        hint={slug === "" ? t("slug_rule") : t("address", { address: below + slug })}
        name="slug"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        value={slug}
        onChange={(event) => {
          set({ slug: typedSlug(event.target.value) });
          forget("slug");
        }}
      />
      {wait.until !== null && <Wait until={wait.until} />}
      {error !== null && (
        <p className="notice hot" role="alert">
          {error}
        </p>
      )}
      <Press submits busy={busy} disabled={wait.until !== null}>
        {t("submit")}
      </Press>
      <button type="button" className="signin-other" onClick={onAgain}>
        {t("again")}
      </button>
    </form>
  );
}

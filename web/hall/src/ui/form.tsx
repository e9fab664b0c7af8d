import { maxLengthOf } from "@yingda/api/graphemes";
import { Problem } from "@yingda/api/client";
import { eye } from "@yingda/tokens/icons";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../context";
import { Icon } from "./icon";

export interface Act {
  busy: boolean;
  problem: Problem | null;
  /** Seconds until it can be tried again; 0 if it can be now. */
  wait: number;
  run(work: () => Promise<void>): Promise<void>;
  clear(): void;
}

/** Runs one action at a time: whether it is busy, what was refused, and how long to wait after too many attempts. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wait, setWait] = useState(0);
  const running = useRef(false);
  useEffect(() => {
    if (wait <= 0) return;
    const second = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(second);
  }, [wait]);
  return {
    busy,
    problem: problem?.code === "too_many_requests" && wait === 0 ? null : problem,
    wait,
    clear: () => setProblem(null),
    run: async (work) => {
      if (running.current) return;
      running.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
      } catch (error) {
        const refused = error instanceof Problem ? error : new Problem({ code: "other" }, 0);
        setProblem(refused);
        if (refused.retryAfter !== undefined && refused.code === "too_many_requests") setWait(refused.retryAfter);
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
  };
}

/** What was refused, in the reader's language. */
export function useProblemText(): (problem: Problem) => string {
  const { t, maybe } = useWords();
  return (problem) =>
    maybe(`account.code_${problem.code}`) ?? maybe(`states.code_${problem.code}`) ?? t("states.code_other");
}

/** A refusal that belongs to no field, and the countdown after too many attempts. */
export function Refused({ act, fields }: { act: Act; fields: readonly string[] }): JSX.Element | null {
  const { t } = useWords();
  const text = useProblemText();
  const { problem, wait } = act;
  const box = useRef<HTMLDivElement>(null);
  if (!problem) return null;
  if (problem.code === "too_many_requests") {
    const minutes = Math.ceil(wait / 60);
    return (
      <div ref={box} class="refused" role="alert">
        <p>{t("account.slow_down")}</p>
        <p class="num" aria-hidden="true">
          {wait > 90 ? t("account.wait_minutes", { n: minutes }) : t("account.wait_seconds", { n: wait })}
        </p>
        <p class="sr">{t("account.wait_minutes", { n: minutes })}</p>
      </div>
    );
  }
  if (problem.field !== undefined && fields.includes(problem.field)) return null;
  return (
    <div ref={box} class="refused" role="alert">
      <p>{text(problem)}</p>
      {problem.requestId !== undefined && problem.status >= 500 ? (
        <p class="soft">{t("states.request_id", { id: problem.requestId })}</p>
      ) : null}
    </div>
  );
}

interface FieldProps {
  type?: "text" | "email" | "tel" | "password";
  class?: string;
  autocomplete?: string;
  autocapitalize?: "off";
  spellcheck?: boolean;
  maxLength?: number;
  required?: boolean;
  inputMode?: "numeric";
  pattern?: string;
  onFocus?: () => void;
  label: string;
  value: string;
  onValue(value: string): void;
  hint?: string;
  /** The action that may have refused this field, and the field's name there. */
  act: Act;
  field: string;
  /** Whether it is the next field to fill in, which takes the focus when it appears. */
  next?: boolean;
  children?: ComponentChildren;
}

/** A labelled field; what is wrong with it is shown below it and read out with it. */
export function Field({
  label,
  value,
  onValue,
  hint,
  act,
  field,
  next = false,
  children,
  type = "text",
  class: extra,
  maxLength,
  ...input
}: FieldProps): JSX.Element {
  const id = useId();
  const text = useProblemText();
  const box = useRef<HTMLInputElement>(null);
  const wrong = act.problem?.field === field ? act.problem : null;
  // In the same step as the drawing: a moment later, the user may already be typing in another field.
  useLayoutEffect(() => {
    if (wrong) box.current?.focus();
  }, [wrong]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focused once, when the field appears
  useLayoutEffect(() => {
    if (next) box.current?.focus();
  }, []);
  const described = [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
  // The type of an input's attributes depends on its `type`, which is not known before run time.
  const attributes = {
    ...input,
    type,
    id,
    class: extra,
    value,
    maxLength: maxLength && maxLengthOf(value, maxLength),
    "aria-invalid": wrong ? "true" : undefined,
    "aria-describedby": described === "" ? undefined : described,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  } as JSX.IntrinsicElements["input"];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input dir="auto" {...attributes} ref={box} />
        {children}
      </div>
      {hint ? (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      ) : null}
      {wrong ? (
        <p id={`${id}-wrong`} class="field-wrong" role="alert">
          {text(wrong)}
        </p>
      ) : null}
    </div>
  );
}

/** A password that can be shown. */
export function PasswordField(props: Omit<FieldProps, "type" | "children" | "required">): JSX.Element {
  const { t } = useWords();
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      required
      autocapitalize="off"
      spellcheck={false}
      maxLength={256}
    >
      <button
        type="button"
        class="field-tool"
        aria-pressed={shown}
        aria-label={t("account.show_password")}
        onClick={() => setShown(!shown)}
      >
        <Icon d={eye} />
      </button>
    </Field>
  );
}

/** Six digits. Pasting and autofill work, because it is one field. */
export function CodeField({
  value,
  onValue,
  act,
}: {
  value: string;
  onValue(value: string): void;
  act: Act;
}): JSX.Element {
  const { t } = useWords();
  return (
    <Field
      label={t("account.code")}
      hint={t("account.code_hint")}
      class="code num"
      next
      inputMode="numeric"
      autocomplete="one-time-code"
      required
      pattern="[0-9 ]*"
      maxLength={9}
      value={value}
      onValue={(typed) => onValue(typed.normalize("NFKC").replace(/\D/g, "").slice(0, 6))}
      act={act}
      field="code"
    />
  );
}

/** Sends the code again, once the waiting time is over. */
export function Resend({ seconds, act, onSend }: { seconds: number; act: Act; onSend(): void }): JSX.Element {
  const { t } = useWords();
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left <= 0) return;
    const second = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(second);
  }, [left]);
  return (
    <button
      type="button"
      class="btn"
      disabled={left > 0 || act.busy || act.wait > 0}
      onClick={() => {
        setLeft(seconds);
        onSend();
      }}
    >
      {left > 0 ? t("account.resend_in", { n: left }) : t("account.resend")}
    </button>
  );
}

export function Submit({ act, children, busy }: { act: Act; children: ComponentChildren; busy?: string }): JSX.Element {
  const { t } = useWords();
  return (
    <button type="submit" class="btn primary large wide" disabled={act.busy || act.wait > 0} aria-busy={act.busy}>
      {act.busy ? (busy ?? t("account.working")) : children}
    </button>
  );
}

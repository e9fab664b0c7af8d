import { Button, Input } from "@yingda/antd";
import { call } from "@yingda/api/client";
import { pressed } from "@yingda/api/keys";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { Icon, type IconName } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { useChange } from "../lib/mutations";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useUnsaved } from "../lib/unsaved";
import { useLive } from "../live/context";
import { floorQuery } from "./queries";

export type Mode = "listen" | "whisper" | "join" | "take_over";
export const modes: readonly { mode: Mode; icon: IconName; keys: string }[] = [
  { mode: "listen", icon: "headset", keys: "L" },
  { mode: "whisper", icon: "lock", keys: "Shift W" },
  { mode: "join", icon: "message", keys: "B" },
  { mode: "take_over", icon: "transfer", keys: "T" },
];

/** What a supervisor asks for in a conversation, and what it says if that is refused. */
export function useIntervene(id: string) {
  const text = useProblemText();
  const change = useChange(
    [floorQuery.queryKey],
    (body: { mode: "listen" | "join" | "leave" | "take_over"; seen?: string; reason?: string }) =>
      call("POST", "/conversations/{id}/interventions", { path: { id }, body }),
    { waits: false },
  );
  return {
    isPending: change.isPending,
    intervene: (body: Parameters<typeof change.mutate>[0], then?: () => void) =>
      change.mutate(body, { onSuccess: () => then?.(), onError: (error) => toast(text(error), "hot") }),
  };
}

/** A field whose words are sent with the button, or with Ctrl and Enter. */
function Words({ label, act, tone, onSend }: { label: string; act: string; tone: string; onSend(text: string): void }) {
  const [words, setWords] = useState("");
  useUnsaved(words.trim() !== "", true);
  const send = () => {
    if (words.trim() === "") return;
    onSend(words.trim());
    setWords("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (pressed(event) === "Escape") {
      // Esc leaves the field, and only from there the conversation: what is being written stays in sight.
      event.preventDefault();
      event.stopPropagation();
      event.currentTarget.closest<HTMLElement>("[data-pane]")?.focus();
      return;
    }
    if (pressed(event) !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={`floor-say floor-say-${tone}`}>
      <textarea
        rows={2}
        dir="auto"
        aria-label={label}
        placeholder={label}
        value={words}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="row">
        <span className="grow" />
        <Kbd keys="Ctrl Enter" />
        <Button size="small" type="primary" disabled={words.trim() === ""} onClick={send}>
          {act}
        </Button>
      </div>
    </div>
  );
}

function TakeOver({ busy, onTakeOver }: { busy: boolean; onTakeOver(reason: string, done: () => void): void }) {
  const { t } = useTranslation("floor");
  const [reason, setReason] = useState("");
  const done = useUnsaved(reason.trim() !== "", true);
  return (
    <div className="floor-say">
      <Field label={t("take_over.reason")} hint={t("take_over.hint")}>
        {(ids) => <Input {...ids} maxLength={80} value={reason} onChange={({ target }) => setReason(target.value)} />}
      </Field>
      <div className="row">
        <span className="grow" />
        <Button size="small" type="primary" loading={busy} onClick={() => onTakeOver(reason.trim(), done)}>
          {t("mode.take_over")}
        </Button>
      </div>
    </div>
  );
}

interface Props {
  id: string;
  agent: { id: string; name: string };
  mode: Mode;
  joined: boolean;
  /** The member may speak in the conversation, not only read it. */
  maySpeak: boolean;
  onMode(mode: Mode): void;
  onTaken(): void;
}

/** The four ways to help, each with what it leads to, before it is used. The mode never changes by itself. */
export function Modes({ id, agent, mode, joined, maySpeak, onMode, onTaken }: Props) {
  const { t } = useTranslation("floor");
  const live = useLive();
  const { intervene, isPending } = useIntervene(id);
  return (
    <div className="floor-modes">
      <div className="floor-mode-row" role="radiogroup" aria-label={t("modes")}>
        {modes.map((one) => (
          <button
            key={one.mode}
            type="button"
            role="radio"
            aria-checked={mode === one.mode}
            disabled={!maySpeak && one.mode !== "listen"}
            onClick={() => onMode(one.mode)}
          >
            <Icon name={one.icon} />
            {t(`mode.${one.mode}`)}
            <Kbd keys={one.keys} />
          </button>
        ))}
      </div>
      <p className="s1 t3 floor-means">{t(`mode.${mode}.means`, { name: agent.name })}</p>
      {mode === "whisper" && (
        <Words
          label={t("whisper.label", { name: agent.name })}
          act={t("mode.whisper")}
          tone="whisper"
          onSend={(text) => live.send(id, { type: "whisper", text })}
        />
      )}
      {mode === "join" && !joined && (
        <div className="floor-say row">
          <span className="grow" />
          <Button size="small" type="primary" loading={isPending} onClick={() => intervene({ mode: "join" })}>
            {t("join.begin")}
          </Button>
        </div>
      )}
      {joined && (
        <div className="row floor-joined">
          <span className="tag ok">{t("join.is")}</span>
          <span className="grow" />
          <Button size="small" loading={isPending} onClick={() => intervene({ mode: "leave" })}>
            {t("join.leave")}
          </Button>
        </div>
      )}
      {mode === "join" && joined && (
        <Words
          label={t("join.label")}
          act={t("join.send")}
          tone="join"
          onSend={(text) => live.send(id, { type: "text", text })}
        />
      )}
      {mode === "take_over" && (
        <TakeOver
          busy={isPending}
          onTakeOver={(reason, done) =>
            intervene({ mode: "take_over", seen: agent.id, ...(reason ? { reason } : {}) }, () => {
              done();
              onTaken();
            })
          }
        />
      )}
    </div>
  );
}

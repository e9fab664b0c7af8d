import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { AgentState, FloorAgent } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { states } from "../live/change-state";
import { StateShape } from "../desk/shapes";
import { useStateReason } from "../desk/state-reason";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { dayAndTime } from "../lib/format";
import { useChange } from "../lib/mutations";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { floorQuery, memberStates } from "./queries";

/** Changes the state of an agent, who is told by whom and why. */
export function StateDialog({ agent, onClose }: { agent: FloorAgent; onClose(): void }) {
  const { t } = useTranslation("floor");
  const text = useProblemText();
  const [state, setState] = useState<AgentState>(agent.state);
  const [reason, setReason] = useState("");
  const change = useChange([floorQuery.queryKey], () =>
    call("PUT", "/staff/{id}/state", { path: { id: agent.id }, body: { state, reason: reason.trim() } }),
  );
  const ready = state !== agent.state && reason.trim() !== "";
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("state.title", { name: agent.name })}
      closeLabel={t("pane.close")}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            type="primary"
            disabled={!ready}
            loading={change.isPending}
            onClick={() => change.mutate(undefined, { onSuccess: onClose })}
          >
            {t("state.change")}
          </Button>
        </>
      }
    >
      {change.isError && (
        <p className="notice hot" role="alert">
          {text(change.error)}
        </p>
      )}
      <div role="radiogroup" aria-label={t("agents.state")}>
        {states.map((one) => (
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={state === one}
            className="y-menu-item"
            onClick={() => setState(one)}
          >
            <StateShape state={one} />
            <span className="grow">{t(`standing.${one}`)}</span>
          </button>
        ))}
      </div>
      <Field label={t("state.reason")} hint={t("state.hint")} required>
        {(ids) => <Input {...ids} maxLength={80} value={reason} onChange={({ target }) => setReason(target.value)} />}
      </Field>
    </Dialog>
  );
}

/** The states that an agent was in, latest first. */
export function StatesDialog({ agent, onClose }: { agent: FloorAgent; onClose(): void }) {
  const { t } = useTranslation("floor");
  const me = useMe();
  const reasonOf = useStateReason();
  const found = useQuery(memberStates(agent.id));
  return (
    <Dialog
      open
      placement="end"
      onClose={onClose}
      title={t("states.title", { name: agent.name })}
      closeLabel={t("pane.close")}
    >
      <Failed of={found} />
      {found.data?.items.length === 0 && <p className="empty">{t("states.none")}</p>}
      <ol className="floor-states">
        {found.data?.items.map((one) => (
          <li key={`${one.at}.${one.to}`}>
            <time className="n t3">{dayAndTime(one.at, me.time_zone)}</time>
            <span className="row">
              <StateShape state={one.to} />
              {t(`standing.${one.to}`)}
            </span>
            <span className="s2 t2" dir="auto">
              {reasonOf(one.reason, one.by)}
            </span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

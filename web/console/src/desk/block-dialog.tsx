import { Button, Dialog, Input } from "@yingda/antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlock } from "../blocks/queries";
import { Choice } from "../lib/choice";
import { serverNow } from "../lib/clock";
import { Field } from "../lib/field";
import { useRefused } from "../lib/mutations";
import { toast } from "../lib/toast";
import { useUnsaved } from "../lib/unsaved";
import "../lib/form.css";

const hour = 3_600_000;
/** How long visitors are usually blocked, in milliseconds; null is for good. */
const lengths = [
  ["day", 24 * hour],
  ["week", 7 * 24 * hour],
  ["month", 30 * 24 * hour],
  ["ever", null],
] as const;

/** Asks why and for how long the visitor of a conversation is blocked. */
export function BlockDialog({ id, customer, onClose }: { id: string; customer: string; onClose(): void }) {
  const { t } = useTranslation("desk");
  const { t: shell } = useTranslation("shell");
  const form = useId();
  const [reason, setReason] = useState("");
  useUnsaved(reason.trim() !== "");
  const [length, setLength] = useState<(typeof lengths)[number][0]>("day");
  const refused = useRefused();
  const block = useBlock();
  const save = () => {
    const ms = lengths.find(([name]) => name === length)?.[1] ?? null;
    block.mutate(
      { id, reason: reason.trim(), until: ms === null ? null : serverNow() + ms },
      {
        onSuccess: () => {
          toast(t("block.done"));
          onClose();
        },
        onError: refused,
      },
    );
  };
  return (
    <Dialog
      open
      title={t("block.title", { name: customer })}
      closeLabel={shell("close")}
      onClose={onClose}
      placement="center"
      footer={
        <>
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button
            danger
            type="primary"
            htmlType="submit"
            form={form}
            loading={block.isPending}
            disabled={!reason.trim()}
          >
            {t("block")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim()) save();
        }}
      >
        <p className="s2 t3">{t("block.what")}</p>
        <Field label={t("block.reason")} required>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              autoComplete="off"
              value={reason}
              maxLength={200}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="field">
          <span>{t("block.until")}</span>
          <Choice
            label={t("block.until")}
            value={length}
            options={lengths.map(([value]) => ({ value, word: t(`block.${value}`) }))}
            onChange={(value) => setLength(value)}
          />
        </div>
      </form>
    </Dialog>
  );
}

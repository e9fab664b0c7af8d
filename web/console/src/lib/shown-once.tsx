import { Button, Dialog, Input } from "@yingda/antd";
import { useRef, useState, type ComponentRef } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "./field";
import "./form.css";
import { Icon } from "./icon";

interface ShownOnceProps {
  title: string;
  /** That it is not shown again, and how long it works. */
  once: string;
  /** What it is. */
  label: string;
  value: string;
  /** What to do with it. */
  what: string;
  /** “I have saved it” unless stated otherwise. */
  doneWord?: string;
  onClose(): void;
}

/** Shows a link or a secret, the only time it is shown. */
export function ShownOnce({ title, once, label, value, what, doneWord, onClose }: ShownOnceProps) {
  const { t } = useTranslation("kit");
  const { t: shell } = useTranslation("shell");
  const box = useRef<ComponentRef<typeof Input>>(null);
  const [copied, setCopied] = useState<"no" | "yes" | "by_hand">("no");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied("yes");
    } catch {
      setCopied("by_hand");
      box.current?.select();
    }
  };
  return (
    <Dialog
      open
      title={title}
      closeLabel={shell("close")}
      onClose={onClose}
      width="38rem"
      footer={
        <>
          <Button onClick={() => void copy()}>
            <Icon name="copy" />
            {t("copy")}
          </Button>
          <Button type="primary" onClick={onClose}>
            {doneWord ?? t("done")}
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="notice warn">{once}</p>
        <Field label={label}>
          {(ids) => (
            <Input
              {...ids}
              ref={box}
              className="shown-once"
              readOnly
              value={value}
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <p className="s2 t3" role="status">
          {copied === "yes" ? t("copied") : copied === "by_hand" ? t("copy.by_hand") : what}
        </p>
      </div>
    </Dialog>
  );
}

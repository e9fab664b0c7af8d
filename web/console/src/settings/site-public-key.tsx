import { Button, Dialog, Input } from "@yingda/antd";
import type { CompanySite } from "@yingda/api/types";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import "../lib/form.css";
import { useRefused } from "../lib/mutations";
import { isProblem } from "../lib/problem";
import { toast } from "../lib/toast";
import { useUnsaved } from "../lib/unsaved";
import { useCreateSecret } from "./queries";

/** Enters the public half of a pair of keys whose private half only the site's own server has. */
export function SitePublicKey({ site, onClose }: { site: CompanySite; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const id = useId();
  const [key, setKey] = useState("");
  const [isWrong, setWrong] = useState(false);
  useUnsaved(key.trim() !== "");
  const create = useCreateSecret();
  const refused = useRefused();
  const add = () =>
    create.mutate(
      { id: site.id, public_key: key },
      {
        onSuccess: ({ kid }) => {
          toast(t("identity.added", { kid }));
          onClose();
        },
        onError: (error) => (isProblem(error, "invalid_value") ? setWrong(true) : refused(error)),
      },
    );
  return (
    <Dialog
      open
      title={t("identity.add.title")}
      closeLabel={shell("close")}
      onClose={onClose}
      width="38rem"
      footer={
        <>
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button type="primary" htmlType="submit" form={id} disabled={key.trim() === ""} loading={create.isPending}>
            {t("identity.add.act")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <p className="s2 t3">{t("identity.add.about")}</p>
        <Field
          label={t("identity.add.label")}
          hint={t("identity.add.hint")}
          error={isWrong ? t("identity.add.wrong") : undefined}
          required
        >
          {(ids) => (
            <Input.TextArea
              {...ids}
              dir="auto"
              rows={5}
              spellCheck={false}
              autoComplete="off"
              value={key}
              onChange={(event) => {
                setWrong(false);
                setKey(event.target.value);
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

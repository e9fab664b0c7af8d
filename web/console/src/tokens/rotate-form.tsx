import type { ApiToken } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { useProved } from "../sessions/prove-dialog";
import { useRotateToken } from "./queries";

/** For how many hours the previous secret can stay valid. */
const overlaps = ["0", "1", "24", "168"] as const;

interface Props {
  token: ApiToken;
  onClose(): void;
  onSecret(secret: string): void;
}

/** Replaces a token's secret; the previous one stays valid for a while. */
export function RotateForm({ token, onClose, onSecret }: Props) {
  const { t } = useTranslation("tokens");
  const rotate = useRotateToken();
  const { proved, dialog } = useProved();
  const editor = useEditor({
    record: null,
    fieldsOf: (): { hours: (typeof overlaps)[number] } => ({ hours: "24" }),
    shows: [],
    save: ({ hours }) => proved(() => rotate.mutateAsync({ id: token.id, overlap_s: Number(hours) * 3600 })),
    saved: () => null,
    onSaved: ({ secret }) => onSecret(secret),
    onClose,
  });
  const { fields, set } = editor;
  return (
    <>
      <FormDialog editor={editor} title={t("rotate.title", { name: token.name })} saveWord={t("rotate")} width="28rem">
        <Field label={t("field.overlap")} hint={t("hint.overlap")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.hours}
              onChange={(event) => set({ hours: event.target.value as (typeof overlaps)[number] })}
            >
              {overlaps.map((hours) => (
                <option key={hours} value={hours}>
                  {hours === "0" ? t("overlap.none") : t("overlap.hours", { count: Number(hours) })}
                </option>
              ))}
            </select>
          )}
        </Field>
      </FormDialog>
      {dialog}
    </>
  );
}

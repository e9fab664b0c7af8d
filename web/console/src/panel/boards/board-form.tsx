import { Input } from "@yingda/antd";
import type { Board } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../../lib/field";
import { FormDialog } from "../../lib/form-dialog";
import { Switched } from "../../lib/switched";
import { useEditor } from "../../lib/use-editor";
import { mostOfName } from "./acts";
import { starters } from "./model";
import { currentBoard, sent, useChangeBoard, useCreateBoard } from "./queries";

const kinds = ["empty", "service", "bot"] as const;
type Kind = (typeof kinds)[number];

interface Props {
  /** The board to rename or to share; null for a new one. */
  board: Board | null;
  onSaved(board: Board): void;
  onClose(): void;
}

/** Adds a board, or changes its name and who sees it. */
export function BoardForm({ board, onSaved, onClose }: Props) {
  const { t } = useTranslation("boards");
  const create = useCreateBoard();
  const change = useChangeBoard();
  const editor = useEditor({
    record: board,
    fieldsOf: (of) => ({ name: of?.name ?? "", shared: of?.shared ?? false, kind: "empty" as Kind }),
    shows: ["name"],
    check: ({ name }) => ({ name: name.trim() === "" && t("fault.name") }),
    save({ name, shared, kind }, base) {
      if (base)
        return change.mutateAsync({ id: base.id, change: { name: name.trim(), shared, seen: base.updated_at } });
      const tiles = board?.tiles ?? (kind === "empty" ? [] : starters[kind]);
      return create.mutateAsync({ name: name.trim(), shared, tiles: tiles.map(sent) });
    },
    current: ({ id }) => currentBoard(id),
    saved: () => t("saved"),
    onSaved,
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  // Only who created a board makes it private again.
  const fixed = board?.shared === true && !board.own;
  return (
    <FormDialog
      editor={editor}
      title={t(board ? "edit" : "new")}
      lines={({ name, shared }) => [
        { label: t("field.name"), value: name, named: true },
        { label: t("field.shared"), value: t(shared ? "yes" : "no") },
      ]}
      width={conflict === null ? "28rem" : "38rem"}
    >
      <Field label={t("field.name")} error={faults.name} required>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            autoComplete="off"
            maxLength={mostOfName}
            value={fields.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {!board && (
        <Field label={t("field.kind")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.kind}
              onChange={(event) => {
                const kind = kinds.find((one) => one === event.target.value) ?? "empty";
                const named = kinds.some((one) => one !== "empty" && t(`starter.${one}`) === fields.name);
                set({
                  kind,
                  ...(kind !== "empty" && (fields.name.trim() === "" || named) ? { name: t(`starter.${kind}`) } : {}),
                });
              }}
            >
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`starter.${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {!fixed && (
        <Switched
          label={t("field.shared")}
          hint={t("field.shared.what")}
          value={fields.shared}
          onChange={(shared) => set({ shared })}
        />
      )}
    </FormDialog>
  );
}

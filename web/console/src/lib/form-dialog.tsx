import { Button, Dialog } from "@yingda/antd";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Conflict, type Line } from "./conflict";
import type { Faults } from "./field";
import "./form.css";
import type { Editor } from "./use-editor";

/** The error about the form as a whole. */
export const FormFault = ({ faults }: { faults: Faults }) =>
  faults.form ? (
    <p className="notice hot form-fault" role="alert">
      {faults.form}
    </p>
  ) : null;

interface ConflictViewProps<T, F extends object, D> {
  editor: Editor<T, F, D>;
  /** A version as lines that can be compared. */
  lines(fields: F): Line[];
}

/** Both versions, if somebody else was faster. */
export function ConflictView<T, F extends object, D>({ editor, lines }: ConflictViewProps<T, F, D>) {
  const { fields, conflict } = editor;
  if (conflict === null) return null;
  return (
    <Conflict
      mine={lines(fields)}
      theirs={conflict.theirs && lines(conflict.theirs)}
      onMine={editor.takeMine}
      onTheirs={editor.takeTheirs}
    />
  );
}

interface FormDialogProps<T, F extends object, D> {
  editor: Editor<T, F, D>;
  title: string;
  /** A version as lines that can be compared; needed if the editor can meet a conflict. */
  lines?(fields: F): Line[];
  /** Shown instead of the fields, such as the question that a doubt asks. */
  instead?: ReactNode;
  placement?: "center" | "end";
  width?: string;
  className?: string;
  /** “Save” unless stated otherwise. */
  saveWord?: string | undefined;
  /** It cannot be saved yet. */
  incomplete?: boolean;
  /** Further actions, beside “Save”. */
  acts?: ReactNode;
  onDelete?: (() => void) | undefined;
  children: ReactNode;
}

/** The form of one record, in a dialog: its fields, then what went wrong with the form as a whole, then what can be done. */
export function FormDialog<T, F extends object, D>({
  editor,
  title,
  lines = () => [],
  instead,
  placement = "center",
  width,
  className,
  saveWord,
  incomplete = false,
  acts,
  onDelete,
  children,
}: FormDialogProps<T, F, D>) {
  const { t } = useTranslation("kit");
  const { t: shell } = useTranslation("shell");
  const id = useId();
  const asks = editor.conflict !== null || Boolean(instead);
  const footer = editor.leaving ? (
    <>
      <span className="grow b" role="alert">
        {t("leave.ask")}
      </span>
      <Button autoFocus onClick={editor.stay}>
        {t("leave.keep")}
      </Button>
      <Button danger type="primary" onClick={editor.close}>
        {t("leave.discard")}
      </Button>
    </>
  ) : asks ? null : (
    <>
      <FormFault faults={editor.faults} />
      {onDelete && (
        <Button danger type="text" className="form-delete" onClick={onDelete}>
          {t("delete")}
        </Button>
      )}
      <Button onClick={editor.leave}>{shell("cancel")}</Button>
      {acts}
      <Button type="primary" htmlType="submit" form={id} disabled={incomplete} loading={editor.busy}>
        {saveWord ?? t("save")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      title={title}
      closeLabel={shell("close")}
      onClose={editor.leave}
      placement={placement}
      width={width}
      footer={footer}
    >
      {editor.conflict !== null ? (
        <ConflictView editor={editor} lines={lines} />
      ) : (
        instead || (
          <form
            ref={editor.form}
            id={id}
            className={className ? `form ${className}` : "form"}
            onSubmit={editor.submit}
            noValidate
          >
            {children}
          </form>
        )
      )}
    </Dialog>
  );
}

import { Button, Dialog } from "@yingda/antd";
import { Fragment, useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Conflict, type Line } from "./conflict";
import type { Faults } from "./field";
import "./form.css";
import type { Comparing, Editor, Plain } from "./use-editor";

/** The error about the form as a whole. */
export const FormFault = ({ faults }: { faults: Faults }) =>
  faults.form ? (
    <p className="notice hot form-fault" role="alert">
      {faults.form}
    </p>
  ) : null;

interface ConflictViewProps<T, F extends object, D> {
  editor: Comparing<T, F, D>;
  /** A version as lines that can be compared. */
  lines(fields: F): Line[];
}

/** Both versions, if somebody else was faster. */
export function ConflictView<T, F extends object, D>({ editor, lines }: ConflictViewProps<T, F, D>) {
  const { conflict } = editor;
  if (conflict === null) return null;
  return (
    <Conflict
      mine={lines(conflict.mine)}
      theirs={conflict.theirs && lines(conflict.theirs)}
      onMine={editor.takeMine}
      onTheirs={editor.takeTheirs}
    />
  );
}

/** A field that can be filled in, first in the part of the form that is on screen. */
const firstField = (form: HTMLFormElement) =>
  [...form.querySelectorAll<HTMLElement>(":is(input:not([type=hidden], [type=file]), textarea, select):enabled")].find(
    (one) => one.closest("[hidden]") === null,
  );

/**
 * The question before changes are lost. It is about the form as it is: whatever happens to it in the meantime takes the question back, so that nothing is hidden by it.
 */
function useLeave<T, F extends object, D>({ changed, fields, faults, conflict, doubt, close }: Editor<T, F, D>) {
  const now = [fields, faults, conflict, doubt];
  const [asked, setAsked] = useState<readonly unknown[] | null>(null);
  const leaving = asked?.every((one, at) => one === now[at]) ?? false;
  /** What had the focus before the question. */
  const left = useRef<Element | null>(null);
  return {
    leaving,
    left,
    leave() {
      left.current = document.activeElement;
      if (changed && !leaving) setAsked(now);
      else close();
    },
    stay: () => setAsked(null),
  };
}

interface FormDialogProps<T, F extends object, D> {
  editor: Editor<T, F, D>;
  title: string;
  /** A version as lines that can be compared; needed if the editor can meet a conflict. */
  lines?: ((fields: F) => Line[]) | undefined;
  /** Shown instead of the fields, such as the question that a doubt asks. */
  instead?: ReactNode;
  placement?: "center" | "end";
  width?: string;
  className?: string;
  /** “Save” unless stated otherwise. */
  saveWord?: string | undefined;
  /** Saving has consequences to be weighed: its button is red. */
  danger?: boolean;
  /** It cannot be saved yet. */
  incomplete?: boolean;
  /** Further actions, beside “Save”. */
  acts?: ReactNode;
  onDelete?: (() => void) | undefined;
  children: ReactNode;
}
type Compared<T, F extends object, D> =
  | { editor: Comparing<T, F, D>; lines(fields: F): Line[] }
  | { editor: Plain<T, F, D>; lines?: undefined };

/** The form of one record, in a dialog: its fields, then what went wrong with the form as a whole, then what can be done. */
export function FormDialog<T, F extends object, D>({
  editor,
  title,
  lines,
  instead,
  placement = "center",
  width,
  className,
  saveWord,
  danger = false,
  incomplete = false,
  acts,
  onDelete,
  children,
}: FormDialogProps<T, F, D> & Compared<T, F, D>) {
  const { t } = useTranslation("kit");
  const { t: shell } = useTranslation("shell");
  const id = useId();
  const { leaving, left, leave, stay } = useLeave(editor);
  const asks = editor.conflict !== null || Boolean(instead);
  const view = leaving ? "leaving" : asks ? "asks" : "form";
  const shown = useRef(view);
  // What had the focus is gone with what was shown before: it goes back to where it was, or else to the first field.
  useLayoutEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    if (view === "leaving" || document.activeElement !== document.body) return;
    const form = editor.form.current;
    const at = left.current;
    if (at instanceof HTMLElement && (form ? form.contains(at) : at.isConnected)) at.focus();
    else if (form) firstField(form)?.focus();
  }, [view, left, editor.form]);

  // The keys keep the buttons of one from becoming those of the other.
  const footer = leaving ? (
    <Fragment key="leaving">
      <FormFault faults={editor.faults} />
      <span className="grow b" role="alert">
        {t("leave.ask")}
      </span>
      <Button autoFocus onClick={stay}>
        {t("leave.keep")}
      </Button>
      <Button danger type="primary" onClick={editor.close}>
        {t("leave.discard")}
      </Button>
    </Fragment>
  ) : asks ? null : (
    <Fragment key="form">
      <FormFault faults={editor.faults} />
      {onDelete && (
        <Button danger type="text" className="form-delete" onClick={onDelete}>
          {t("delete")}
        </Button>
      )}
      <Button onClick={leave}>{shell("cancel")}</Button>
      {acts}
      <Button type="primary" htmlType="submit" form={id} danger={danger} disabled={incomplete} loading={editor.busy}>
        {saveWord ?? t("save")}
      </Button>
    </Fragment>
  );
  return (
    <Dialog
      open
      title={title}
      closeLabel={shell("close")}
      onClose={leave}
      placement={placement}
      width={width}
      footer={footer}
    >
      {lines !== undefined && editor.conflict !== null ? (
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

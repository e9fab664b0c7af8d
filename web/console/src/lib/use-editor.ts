import type { Problem } from "@yingda/api/client";
import { useRef, useState, type FormEvent, type RefObject } from "react";
import { flushSync } from "react-dom";
import { metBy, type Other } from "./conflict";
import type { Faults } from "./field";
import { isProblem, useProblemText } from "./problem";
import { keptOf, useKept } from "./reload";
import { toast } from "./toast";
import { useUnsaved } from "./unsaved";

/** The field and the text of a refusal. */
interface Own {
  field?: string | null | undefined;
  text?: string | undefined;
}

/** What is wrong with each field; false if nothing is. */
type Checked = Readonly<Record<string, string | false | undefined>>;

interface EditorOptions<T, F extends object, A, D> {
  /** The version to edit; null to add one. */
  record: T | null;
  /** What the form holds for a version, and for a new one. */
  fieldsOf(record: T | null): F;
  /**
   * The fields that show their error, as the server names them; `name.*` for one that also shows errors inside it, such as `name.zh`.
   * An error of anything else is shown for the form as a whole.
   */
  shows: readonly string[];
  /** What the server would refuse, reported before it is asked. */
  check?(fields: F, base: T | null): Checked;
  /** Creates it, or changes `base`, whose version is sent as `seen`. `confirmed` if the user insists in spite of a doubt. */
  save(fields: F, base: T | null, confirmed: boolean): Promise<A>;
  /** The current version; null if it was deleted. Without it, a conflict is a refusal like any other. */
  current?(base: T): Promise<T | null>;
  /** The form's field and text for a refusal, where they differ from its own. */
  refused?(problem: Problem): Own;
  /** What the user is asked after a refusal that can be overruled. */
  doubt?(refusal: unknown): D | null;
  /** What is announced once it is saved; null for nothing. */
  saved(fields: F, base: T | null): string | null;
  /** Uses the answer, before the form closes. */
  onSaved?(answer: A): void;
  /** The version that a form without `onClose` is based on once it is saved. */
  stays?(answer: A): T;
  /** Leads to the part of the form that shows the errors, if it has several. */
  onFaults?(faults: Faults): void;
  /** It holds a secret: nothing of it is stored when the page is reloaded. */
  secret?: boolean;
  /** Closes the form: once it is saved, or if the user gives up. */
  onClose?(): void;
}

/** Somebody else was faster: what was to be saved, and the fields of their version, or null if they deleted it. */
interface Conflict<F> {
  mine: F;
  theirs: F | null;
}

/** The form of one record: `FormDialog` shows it. */
export interface Editor<T, F extends object, D = never> {
  /** The version that the changes are based on; null for a new one. */
  base: T | null;
  /** What the form holds now. */
  fields: F;
  /** Whether it holds something else than that version. */
  changed: boolean;
  /** Changes fields and forgets their errors, or those of `names` if the errors are named differently. */
  set(change: Partial<F>, ...names: string[]): void;
  /** The errors that are shown, beside their fields or for the form as a whole. */
  faults: Faults;
  /** Shows errors that the form finds by itself, and leads to the first. */
  refuse(faults: Faults): void;
  /** It is being saved. */
  busy: boolean;
  /** Goes to the form element, so that an error can be led to. */
  form: RefObject<HTMLFormElement | null>;
  /** Saves, as the form's own submission. */
  submit(event: FormEvent): void;
  /** Saves with these fields changed; a conflict or a doubt does not forget them. */
  save(also?: Partial<F>): void;
  /** The conflict that the user has to decide. */
  conflict: Conflict<F> | null;
  /** Saves what was to be saved over their version. */
  takeMine(): void;
  /** Goes on with their version. */
  takeTheirs(): void;
  /** What the user is asked after a refusal that can be overruled. */
  doubt: D | null;
  /** Saves what was to be saved in spite of the doubt. */
  confirm(): void;
  /** Back to the form, from the doubt or from the conflict. */
  back(): void;
  /** Closes the form without asking. */
  close(): void;
}

/** An editor that reads the newer version after a conflict, so that its form has to say how versions are compared. */
export type Comparing<T, F extends object, D = never> = Editor<T, F, D> & { compares: true };
/** An editor that never meets a conflict. */
export type Plain<T, F extends object, D = never> = Editor<T, F, D> & { compares: false };

const isIn = (fault: string, name: string) => fault === name || fault.startsWith(`${name}.`);
const isShown = (fault: string, shows: readonly string[]) =>
  shows.some((name) => (name.endsWith(".*") ? isIn(fault, name.slice(0, -2)) : fault === name));

/**
 * What every form does: keeps the fields, checks and saves them, puts a refusal beside its field,
 * and lets the user choose if somebody else was faster. Nothing that was entered is lost.
 */
export function useEditor<T, F extends object, A, D = never>(
  options: EditorOptions<T, F, A, D> & Required<Pick<EditorOptions<T, F, A, D>, "current">>,
): Comparing<T, F, D>;
export function useEditor<T, F extends object, A, D = never>(options: EditorOptions<T, F, A, D>): Plain<T, F, D>;
export function useEditor<T, F extends object, A, D = never>(
  options: EditorOptions<T, F, A, D>,
): Editor<T, F, D> & { compares: boolean } {
  const { record, fieldsOf, shows, check, current, refused, doubt: doubtOf, onClose } = options;
  const text = useProblemText();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(record);
  const name = `${location.pathname} ${shows.join()} ${(record as { id?: string } | null)?.id ?? ""}`;
  const [fields, setFields] = useState(() => {
    const first = fieldsOf(record);
    return (options.secret ? null : keptOf(name, first)) ?? first;
  });
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<(Conflict<F> & { other: Other<T> }) | null>(null);
  const [doubted, setDoubted] = useState<{ wanted: F; doubt: D } | null>(null);
  const from = fieldsOf(base);
  const changed = JSON.stringify(fields) !== JSON.stringify(from);
  const done = useUnsaved(changed);
  useKept(name, from, fields, changed && !options.secret);

  const set = (change: Partial<F>, ...names: string[]) => {
    const forgotten = ["form", ...(names.length > 0 ? names : Object.keys(change))];
    setFields((before) => ({ ...before, ...change }));
    setFaults((before) =>
      Object.fromEntries(Object.entries(before).filter(([fault]) => !forgotten.some((name) => isIn(fault, name)))),
    );
  };
  /** Where the error of a field is shown. */
  const placeOf = (field: string | null | undefined) => (field && isShown(field, shows) ? field : "form");
  /** What the check found; several errors in one place are lines of one text. */
  const wrongIn = (checked: Checked): Faults => {
    const found: Record<string, string> = {};
    for (const [field, fault] of Object.entries(checked)) {
      const place = placeOf(field);
      if (fault) found[place] = found[place] === undefined ? fault : `${found[place]}\n${fault}`;
    }
    return found;
  };
  /** Shows the errors and leads to the first. */
  const refuse = (found: Faults) => {
    flushSync(() => {
      setFaults(found);
      options.onFaults?.(found);
    });
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const faultOf = (refusal: unknown): Faults => {
    const { field, text: own }: Own = isProblem(refusal) ? { field: refusal.field, ...refused?.(refusal) } : {};
    return { [placeOf(field)]: own ?? text(refusal) };
  };
  /** What a refusal means; the answer shows it. */
  const learn = async (refusal: unknown, over: T | null, wanted: F): Promise<() => void> => {
    try {
      const other = over !== null && current ? await metBy(refusal, () => current(over)) : null;
      if (other !== null)
        return () => setConflict({ mine: wanted, theirs: other === "deleted" ? null : fieldsOf(other), other });
    } catch (reason) {
      return () => refuse({ form: text(reason) });
    }
    const asked = doubtOf?.(refusal) ?? null;
    return asked === null ? () => refuse(faultOf(refusal)) : () => setDoubted({ wanted, doubt: asked });
  };
  const write = async (over: T | null, wanted: F, confirmed = false) => {
    const found = wrongIn(check?.(wanted, over) ?? {});
    if (Object.keys(found).length > 0) {
      refuse(found);
      return;
    }
    setFaults({});
    setBusy(true);
    let answer: A;
    try {
      answer = await options.save(wanted, over, confirmed);
    } catch (refusal) {
      const show = await learn(refusal, over, wanted);
      // Together with the error: whoever reads it can save again at once.
      setBusy(false);
      show();
      return;
    }
    setBusy(false);
    done();
    options.onSaved?.(answer);
    const told = options.saved(wanted, over);
    if (told !== null) toast(told);
    if (options.stays) setBase(options.stays(answer));
    onClose?.();
  };
  const back = () => {
    setConflict(null);
    setDoubted(null);
  };
  const close = () => {
    done();
    onClose?.();
  };

  return {
    base,
    fields,
    changed,
    set,
    faults,
    refuse,
    busy,
    form,
    submit(event) {
      event.preventDefault();
      if (!busy) void write(base, fields);
    },
    save(also) {
      if (!busy) void write(base, { ...fields, ...also });
    },
    compares: current !== undefined,
    conflict,
    takeMine() {
      if (conflict === null) return;
      const over = conflict.other === "deleted" ? null : conflict.other;
      back();
      setBase(over);
      void write(over, conflict.mine);
    },
    takeTheirs() {
      if (conflict === null || conflict.other === "deleted") {
        close();
        return;
      }
      back();
      setBase(conflict.other);
      setFields(fieldsOf(conflict.other));
      setFaults({});
    },
    doubt: doubted?.doubt ?? null,
    confirm() {
      if (doubted === null) return;
      back();
      void write(base, doubted.wanted, true);
    },
    back,
    close,
  };
}

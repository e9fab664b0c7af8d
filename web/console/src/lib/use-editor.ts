import type { Problem } from "@yingda/api/client";
import { useRef, useState, type FormEvent, type RefObject } from "react";
import { flushSync } from "react-dom";
import { metBy, type Other } from "./conflict";
import type { Faults } from "./field";
import { isProblem, useProblemText } from "./problem";
import { toast } from "./toast";

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
  onFaults?(faults: Faults): void;
  onClose?(): void;
  /** Whether to ask before unsaved changes are lost. */
  warns?: boolean;
}

/** The form of one record: `FormDialog` shows it. */
export interface Editor<T, F extends object, D = never> {
  /** The version that the changes are based on; null for a new one. */
  base: T | null;
  fields: F;
  /** Changes fields and forgets their errors, or those of `names` if the errors are named differently. */
  set(change: Partial<F>, ...names: string[]): void;
  faults: Faults;
  /** Shows errors that the form finds by itself. */
  refuse(faults: Faults): void;
  busy: boolean;
  form: RefObject<HTMLFormElement | null>;
  submit(event: FormEvent): void;
  /** Saves, with these fields changed. */
  save(also?: Partial<F>): void;
  /** Somebody else was faster: the fields of their version, or null if they deleted it. */
  conflict: { theirs: F | null } | null;
  takeMine(): void;
  takeTheirs(): void;
  doubt: D | null;
  /** Saves in spite of the doubt. */
  confirm(): void;
  /** Back to the form, from the doubt or from the conflict. */
  back(): void;
  /** Closes the form, after asking if changes would be lost. */
  leave(): void;
  leaving: boolean;
  stay(): void;
  close(): void;
}

const isIn = (fault: string, name: string) => fault === name || fault.startsWith(`${name}.`);
const isShown = (fault: string, shows: readonly string[]) =>
  shows.some((name) => (name.endsWith(".*") ? isIn(fault, name.slice(0, -2)) : fault === name));

/**
 * What every form does: keeps the fields, checks and saves them, puts a refusal beside its field,
 * and lets the user choose if somebody else was faster. Nothing that was entered is lost.
 */
export function useEditor<T, F extends object, A, D = never>(options: EditorOptions<T, F, A, D>): Editor<T, F, D> {
  const { record, fieldsOf, shows, check, current, refused, doubt: doubtOf, onClose, warns = false } = options;
  const text = useProblemText();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(record);
  const [fields, setFields] = useState(() => fieldsOf(record));
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const [other, setOther] = useState<Other<T> | null>(null);
  const [doubt, setDoubt] = useState<D | null>(null);
  const [leaving, setLeaving] = useState(false);

  const set = (change: Partial<F>, ...names: string[]) => {
    const changed = ["form", ...(names.length > 0 ? names : Object.keys(change))];
    setFields((before) => ({ ...before, ...change }));
    setFaults((before) =>
      Object.fromEntries(Object.entries(before).filter(([fault]) => !changed.some((name) => isIn(fault, name)))),
    );
    setLeaving(false);
  };
  /** Where the error of a field is shown. */
  const placeOf = (field: string | null | undefined) => (field && isShown(field, shows) ? field : "form");
  const wrongIn = (checked: Checked): Faults =>
    Object.fromEntries(Object.entries(checked).flatMap(([field, fault]) => (fault ? [[placeOf(field), fault]] : [])));
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
  const learn = async (refusal: unknown, over: T | null) => {
    try {
      const met = over !== null && current ? await metBy(refusal, () => current(over)) : null;
      if (met !== null) {
        setOther(met);
        return;
      }
    } catch (reason) {
      refuse({ form: text(reason) });
      return;
    }
    const asked = doubtOf?.(refusal) ?? null;
    if (asked === null) refuse(faultOf(refusal));
    else setDoubt(asked);
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
      await learn(refusal, over);
      return;
    } finally {
      setBusy(false);
    }
    options.onSaved?.(answer);
    const told = options.saved(wanted, over);
    if (told !== null) toast(told);
    if (options.stays) setBase(options.stays(answer));
    onClose?.();
  };
  const back = () => {
    setOther(null);
    setDoubt(null);
  };
  const close = () => onClose?.();

  return {
    base,
    fields,
    set,
    faults,
    refuse,
    busy,
    form,
    submit(event) {
      event.preventDefault();
      if (!busy) void write(base, fields);
    },
    save: (also) => void write(base, { ...fields, ...also }),
    conflict: other === null ? null : { theirs: other === "deleted" ? null : fieldsOf(other as T) },
    takeMine() {
      const over = other === "deleted" ? null : (other as T);
      back();
      setBase(over);
      void write(over, fields);
    },
    takeTheirs() {
      if (other === null || other === "deleted") {
        close();
        return;
      }
      back();
      setBase(other);
      setFields(fieldsOf(other));
      setFaults({});
    },
    doubt,
    confirm() {
      back();
      void write(base, fields, true);
    },
    back,
    leave() {
      const changed = JSON.stringify(fields) !== JSON.stringify(fieldsOf(base));
      if (warns && changed && !leaving) setLeaving(true);
      else close();
    },
    leaving,
    stay: () => setLeaving(false),
    close,
  };
}

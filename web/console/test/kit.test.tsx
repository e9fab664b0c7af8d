import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { Input, YingdaProvider } from "@yingda/antd";
import { Problem } from "@yingda/api/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults as accessibility } from "../../ui/antd/test/axe";
import { Field } from "../src/lib/field";
import { FormDialog } from "../src/lib/form-dialog";
import { ListPage } from "../src/lib/list-page";
import { choose } from "../src/lib/prefs";
import { ShownOnce } from "../src/lib/shown-once";
import { clearToasts, Toasts } from "../src/lib/toast";
import { useEditor } from "../src/lib/use-editor";
import "./render";

interface Lamp {
  name: string;
  watts: string;
  version: number;
}
const desk: Lamp = { name: "Desk lamp", watts: "9", version: 1 };

interface Props {
  lamp?: Lamp | null;
  save(fields: Pick<Lamp, "name" | "watts">, base: Lamp | null, confirmed: boolean): Promise<unknown>;
  current?(): Promise<Lamp | null>;
  onClose?(): void;
}

function LampForm({ lamp = desk, save, current = async () => null, onClose = () => undefined }: Props) {
  const editor = useEditor({
    record: lamp,
    fieldsOf: (of) => ({ name: of?.name ?? "", watts: of?.watts ?? "" }),
    shows: ["name"],
    check: ({ name, watts }) => ({
      name: name === "" && "A lamp has a name",
      watts: watts === "" && "A lamp has a power",
    }),
    save,
    current,
    doubt: (refusal) => (refusal instanceof Problem && refusal.code === "use" ? "It is lit" : null),
    saved: ({ name }) => `Kept: ${name}`,
    onClose,
  });
  const { fields, set, faults } = editor;
  return (
    <FormDialog
      editor={editor}
      title="Lamp"
      lines={({ name, watts }) => [
        { label: "Name", value: name, named: true },
        { label: "Watts", value: watts },
      ]}
      instead={
        editor.doubt && (
          <>
            <button type="button" onClick={editor.confirm}>
              {editor.doubt}
            </button>
            <button type="button" onClick={editor.back}>
              Switch it off first
            </button>
          </>
        )
      }
      acts={
        <button type="button" onClick={() => editor.save({ watts: "60" })}>
          Save with 60 watts
        </button>
      }
    >
      <Field label="Name" error={faults.name} hint="As on its box" required>
        {(ids) => <Input {...ids} value={fields.name} onChange={(event) => set({ name: event.target.value })} />}
      </Field>
      <Field label="Watts">
        {(ids) => <Input {...ids} value={fields.watts} onChange={(event) => set({ watts: event.target.value })} />}
      </Field>
    </FormDialog>
  );
}

const show = (props: Props) =>
  render(
    <YingdaProvider theme="light" scale={1} language="en">
      <main>
        <LampForm {...props} />
        <Toasts />
      </main>
    </YingdaProvider>,
  );
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
/** Presses Escape, as the browser tells a dialog. */
const pressEscape = () => fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
/** Saves once the last answer has been dealt with. */
async function saveAgain() {
  const button = screen.getByRole("button", { name: "Save" });
  await waitFor(() => expect(button.className).not.toContain("loading"));
  fireEvent.click(button);
}
const refusal = (code: "conflict" | "not_found" | "invalid_value" | "use", field?: string) =>
  new Problem({ code, ...(field ? { field } : {}) }, 409);

beforeEach(() => {
  clearToasts();
  choose({ language: "en", theme: "light", scale: 100 });
});

describe("a form", () => {
  it("ties a field to its label, its hint and its error, and leads to the first error", async () => {
    const save = vi.fn(async () => null);
    show({ save });
    const name = screen.getByLabelText("Name");
    const told = () => document.getElementById(name.getAttribute("aria-describedby") ?? "")?.textContent;
    expect([told(), name.getAttribute("aria-required"), name.getAttribute("aria-invalid")]).toEqual([
      "As on its box",
      "true",
      null,
    ]);
    type("Watts", "");
    type("Name", "");
    press("Save");
    expect(screen.getByRole("alert").textContent).toBe("A lamp has a power");
    expect([told(), name.getAttribute("aria-invalid")]).toEqual(["A lamp has a name", "true"]);
    expect(document.activeElement).toBe(name);
    expect(await accessibility(document.body)).toEqual([]);
    type("Name", "Lamp");
    expect(told()).toBe("As on its box");
    expect(save).not.toHaveBeenCalled();
  });

  it("shows a refusal where its field shows it, and otherwise for the form as a whole, until something is changed", async () => {
    const save = vi
      .fn<Props["save"]>()
      .mockRejectedValueOnce(refusal("invalid_value", "name.en"))
      .mockRejectedValueOnce(refusal("invalid_value", "name"))
      .mockRejectedValueOnce(refusal("invalid_value", "watts"));
    show({ save });
    press("Save");
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBeNull();
    await saveAgain();
    await waitFor(() => expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true"));
    await saveAgain();
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByLabelText("Watts").getAttribute("aria-invalid")).toBeNull();
    type("Watts", "7");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("creates what somebody deleted again, if told to", async () => {
    const save = vi.fn<Props["save"]>().mockRejectedValueOnce(refusal("not_found")).mockResolvedValueOnce(null);
    const onClose = vi.fn();
    show({ save, current: async () => null, onClose });
    type("Name", "My lamp");
    press("Save");
    expect(await screen.findByText(/Somebody has deleted it/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
    press("Create it again");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(save.mock.calls.map(([fields, base]) => [fields.name, base])).toEqual([
      ["My lamp", desk],
      ["My lamp", null],
    ]);
    expect(screen.getByText("Kept: My lamp")).toBeTruthy();
  });

  it("says why, if the newer version cannot be read", async () => {
    show({ save: () => Promise.reject(refusal("conflict")), current: () => Promise.reject(new Problem({}, 0)) });
    press("Save");
    expect((await screen.findByRole("alert")).textContent).not.toMatch(/Somebody/);
    expect((screen.getByLabelText("Name") as HTMLInputElement).value).toBe("Desk lamp");
  });

  it("asks before it overrules a doubt", async () => {
    const save = vi.fn<Props["save"]>().mockRejectedValueOnce(refusal("use")).mockResolvedValueOnce(null);
    const onClose = vi.fn();
    show({ save, onClose });
    press("Save");
    fireEvent.click(await screen.findByRole("button", { name: "It is lit" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(save.mock.calls.map(([, , confirmed]) => confirmed)).toEqual([false, true]);
  });

  it("asks before changes are lost", async () => {
    const onClose = vi.fn();
    const view = show({ save: async () => null, onClose });
    type("Name", "Another");
    press("Cancel");
    expect(screen.getByText("Discard unsaved changes?")).toBeTruthy();
    expect(await accessibility(document.body)).toEqual([]);
    press("Keep editing");
    expect(onClose).not.toHaveBeenCalled();
    press("Close");
    press("Discard");
    expect(onClose).toHaveBeenCalledTimes(1);
    view.unmount();
    show({ save: async () => null, onClose });
    press("Cancel");
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it("shows a refusal even if it was to be closed in the meantime", async () => {
    for (const field of ["name", "watts"]) {
      let refuse: (refusal: Problem) => void = () => undefined;
      const view = show({ save: () => new Promise((_, reject) => (refuse = reject)) });
      type("Name", "Another");
      press("Save");
      pressEscape();
      expect(screen.getByRole("alert").textContent).toBe("Discard unsaved changes?");
      await act(async () => refuse(refusal("invalid_value", field)));
      expect(screen.queryByText("Discard unsaved changes?")).toBeNull();
      const name = screen.getByLabelText("Name");
      if (field === "name") expect(name.getAttribute("aria-invalid")).toBe("true");
      else expect(screen.getByRole("alert").textContent).toMatch(/\S/);
      expect(document.activeElement).toBe(name);
      view.unmount();
    }
  });

  it("shows the error of the form while it asks whether to close it", () => {
    show({ save: async () => null });
    type("Watts", "");
    press("Save");
    pressEscape();
    expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual([
      "A lamp has a power",
      "Discard unsaved changes?",
    ]);
  });

  it("keeps what was to be saved, through a conflict and through a doubt", async () => {
    const newer = { name: "Floor lamp", watts: "5", version: 2 };
    const save = vi
      .fn<Props["save"]>()
      .mockRejectedValueOnce(refusal("conflict"))
      .mockRejectedValueOnce(refusal("use"))
      .mockResolvedValueOnce(null);
    const onClose = vi.fn();
    show({ save, current: async () => newer, onClose });
    press("Save with 60 watts");
    await screen.findByText(/Somebody has changed it/);
    expect(screen.getByText("60")).toBeTruthy();
    press("Use mine");
    fireEvent.click(await screen.findByRole("button", { name: "It is lit" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    const wanted = { name: "Desk lamp", watts: "60" };
    expect(save.mock.calls).toEqual([
      [wanted, desk, false],
      [wanted, newer, false],
      [wanted, newer, true],
    ]);
  });

  it("names everything that is wrong with it as a whole", () => {
    function Blank() {
      const editor = useEditor({
        record: null,
        fieldsOf: () => ({}),
        shows: [],
        check: () => ({ glass: "It has no glass", base: false, cord: "It has no cord" }),
        save: async () => null,
        saved: () => null,
      });
      return (
        <FormDialog editor={editor} title="Blank">
          <input aria-label="Nothing" />
        </FormDialog>
      );
    }
    render(<Blank />);
    press("Save");
    expect(screen.getByRole("alert").textContent).toBe("It has no glass\nIt has no cord");
  });

  it("has the focus again once it is back", async () => {
    const save = vi
      .fn<Props["save"]>()
      .mockRejectedValueOnce(refusal("use"))
      .mockRejectedValueOnce(refusal("conflict"));
    show({ save, current: async () => ({ ...desk, watts: "5" }) });
    const focused = () => document.activeElement;
    const watts = screen.getByLabelText("Watts");
    type("Watts", "7");
    watts.focus();
    pressEscape();
    expect(focused()?.textContent).toBe("Keep editing");
    press("Keep editing");
    expect(focused()).toBe(watts);
    screen.getByRole("button", { name: "Cancel" }).focus();
    press("Cancel");
    press("Keep editing");
    expect(focused()).toBe(screen.getByLabelText("Name"));

    press("Save");
    const off = await screen.findByRole("button", { name: "Switch it off first" });
    off.focus();
    fireEvent.click(off);
    expect(focused()).toBe(screen.getByLabelText("Name"));

    await saveAgain();
    const notice = await screen.findByText(/Somebody has changed it/);
    expect(focused()).toBe(notice);
    screen.getByRole("button", { name: "Use theirs" }).focus();
    press("Use theirs");
    expect(focused()).toBe(screen.getByLabelText("Name"));
    expect((screen.getByLabelText("Watts") as HTMLInputElement).value).toBe("5");
  });
});

describe("a list", () => {
  const found = {
    error: null,
    isError: false,
    isFetching: false,
    isPending: false,
    isSuccess: true,
    refetch: () => undefined,
  };

  it("shows its rows or what to do while there are none, and more of them on request", () => {
    const fetchNextPage = vi.fn();
    const more = { ...found, hasNextPage: true, fetchNextPage };
    const page = (rows: string[], of: typeof found) => (
      <ListPage title="Lamps" of={of} rows={rows} loading="Loading lamps" empty="No lamps">
        <p>{rows.join()}</p>
      </ListPage>
    );
    const view = render(page([], { ...found, isPending: true, isSuccess: false }));
    expect(view.container.querySelector(".page-body")?.textContent).toBe("Loading lamps");
    view.rerender(page([], found));
    expect(view.container.querySelector(".page-body")?.textContent).toBe("No lamps");
    view.rerender(page(["one", "two"], more));
    expect(screen.getByText("one,two")).toBeTruthy();
    press("Show more");
    expect(fetchNextPage).toHaveBeenCalledTimes(1);
  });
});

describe("what is shown once", () => {
  it("is selected where the browser does not allow copying", async () => {
    const onClose = vi.fn();
    render(<ShownOnce title="Key" once="Once" label="The key" value="s3cret" what="Keep it" onClose={onClose} />);
    const dialog = screen.getByRole("dialog", { name: "Key" });
    const box = within(dialog).getByLabelText<HTMLInputElement>("The key");
    expect([box.value, box.readOnly, within(dialog).getByRole("status").textContent]).toEqual([
      "s3cret",
      true,
      "Keep it",
    ]);
    press("Copy");
    expect(await within(dialog).findByText(/press Ctrl\+C/)).toBeTruthy();
    expect([box.selectionStart, box.selectionEnd]).toEqual([0, 6]);
    expect(await accessibility(document.body)).toEqual([]);
    press("I have saved it");
    expect(onClose).toHaveBeenCalled();
  });
});

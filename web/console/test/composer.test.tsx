import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { forgetPerson } from "../src/lib/session";
import { EventStream } from "./fake-stream";
import { open, server, signedIn } from "./render";
import { conversation, head, served } from "./samples";

/** The requests that upload files; each is answered by the test. */
class FakeRequest {
  static all: FakeRequest[] = [];
  readonly upload = {};
  status = 0;
  response: object | null = null;
  name: string | null = null;
  onload: () => void = () => undefined;
  onabort: () => void = () => undefined;
  open(_: string, url: string) {
    this.name = new URL(url, location.href).searchParams.get("name");
  }
  setRequestHeader() {}
  send() {
    FakeRequest.all.push(this);
  }
  abort() {
    this.onabort();
  }
  resolve(id: string) {
    Object.assign(this, { status: 201, response: { id, name: this.name } });
    this.onload();
  }
  reject(code: string) {
    Object.assign(this, { status: 500, response: { code } });
    this.onload();
  }
}
const uploads = FakeRequest.all;

beforeEach(() => {
  forgetPerson(new QueryClient());
  uploads.length = 0;
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => undefined;
  server({
    ...signedIn(),
    "GET /canned-replies": { items: [], next: null },
    "GET /conversations": { items: [], next: null },
  });
});

async function desk() {
  open("/inbox/cnv_a");
  await screen.findByRole("region", { name: "Conversations" });
  act(() => {
    EventStream.last.become({ state: "live" });
    EventStream.last.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    EventStream.last.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: 9,
      state: head,
      marks: { customer: { received: 2, read: 2 }, staff: { received: 1, read: 1 } },
      entries: served(),
    });
  });
  return EventStream.last;
}
const picture = (name = "bill.png", size = 9) => new File([new Uint8Array(size)], name, { type: "image/png" });
const words = (label = "Reply to the customer") => screen.getByRole("combobox", { name: label });
const paste = (box: HTMLElement, ...files: File[]) => fireEvent.paste(box, { clipboardData: { files } });
const drop = (box: HTMLElement, ...files: File[]) => fireEvent.drop(box, { dataTransfer: { files, types: ["Files"] } });
const toNote = () => fireEvent.click(screen.getByRole("button", { name: "Note" }));
const note = () => words("Write a private note");
const attached = () =>
  within(screen.getByRole("list", { name: "Attached" }))
    .getAllByRole("listitem")
    .map((one) => one.textContent);

it("keeps what is pasted or dropped into a note for the note, and its words until the files are there", async () => {
  const stream = await desk();
  toNote();
  paste(note(), picture());
  drop(note(), picture("meter.png"));
  fireEvent.change(note(), { target: { value: "see the bill" } });
  expect(attached()).toEqual([expect.stringContaining("bill.png"), expect.stringContaining("meter.png")]);
  expect(await faults(document.body)).toEqual([]);
  expect(uploads).toEqual([]);

  fireEvent.keyDown(note(), { key: "Enter" });
  await waitFor(() => expect(uploads.map((one) => one.name)).toEqual(["bill.png", "meter.png"]));
  await act(async () => {
    uploads[0]!.resolve("fil_1");
  });
  expect(stream.sent).toEqual([]);
  expect((note() as HTMLTextAreaElement).value).toBe("see the bill");
  await act(async () => {
    uploads[1]!.resolve("fil_2");
  });
  expect(stream.sent.map((one) => one.body)).toEqual([
    { type: "note", text: "see the bill", files: ["fil_1", "fil_2"] },
  ]);
  expect(screen.queryByRole("list", { name: "Attached" })).toBeNull();
  expect((words() as HTMLTextAreaElement).value).toBe("");
});

it("keeps a note that could not be uploaded, and saves it at the second try without uploading twice", async () => {
  const stream = await desk();
  toNote();
  paste(note(), picture(), picture("meter.png"));
  fireEvent.keyDown(note(), { key: "Enter" });
  await waitFor(() => expect(uploads).toHaveLength(2));
  await act(async () => {
    uploads[0]!.resolve("fil_1");
    uploads[1]!.reject("network");
  });
  expect(screen.getByRole("alert").textContent).toBe("Offline; the server could not be reached");
  expect(stream.sent).toEqual([]);
  fireEvent.keyDown(note(), { key: "Enter" });
  await waitFor(() => expect(uploads).toHaveLength(3));
  await act(async () => {
    uploads[2]!.resolve("fil_2");
  });
  expect(stream.sent.map((one) => one.body)).toEqual([{ type: "note", text: "", files: ["fil_1", "fil_2"] }]);
});

it("shows what is pasted into a reply before it is sent", async () => {
  const stream = await desk();
  paste(words(), picture());
  expect(attached()).toEqual([expect.stringContaining("bill.png")]);
  expect(uploads).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Remove bill.png" }));
  expect(screen.queryByRole("list", { name: "Attached" })).toBeNull();

  drop(words(), picture("offer.png"));
  fireEvent.keyDown(words(), { key: "Enter" });
  await waitFor(() => expect(uploads.map((one) => one.name)).toEqual(["offer.png"]));
  await act(async () => {
    uploads[0]!.resolve("fil_3");
  });
  expect(stream.sent.map((one) => one.body)).toEqual([{ type: "file", file: "fil_3" }]);
});

it("draws a file that is on its way in its place, before what was written after it", async () => {
  const stream = await desk();
  drop(words(), picture("offer.png"), picture("terms.png"));
  fireEvent.keyDown(words(), { key: "Enter" });
  await waitFor(() => expect(uploads).toHaveLength(2));
  fireEvent.change(words(), { target: { value: "these two" } });
  fireEvent.keyDown(words(), { key: "Enter" });
  const log = () => screen.getByRole("log").textContent;
  expect(log()).toMatch(/offer\.png.*terms\.png.*these two/s);
  await act(async () => uploads[1]!.resolve("fil_2"));
  await act(async () => uploads[0]!.reject("internal"));
  expect(log()).toMatch(/offer\.png.*Not sent.*these two/s);
  fireEvent.click(screen.getByRole("button", { name: "Resend" }));
  expect(log()).toMatch(/these two.*offer\.png/s);
  await act(async () => uploads[2]!.resolve("fil_1"));
  expect(stream.sent.map(({ body }) => (body.type === "file" ? body.file : body.type))).toEqual([
    "text",
    "fil_2",
    "fil_1",
  ]);
});

/** What an office program, a browser or a file manager puts on the clipboard: texts by their type, and files. */
const carried = (texts: Record<string, string>, ...files: File[]) => ({
  files,
  types: [...Object.keys(texts), ...(files.length > 0 ? ["Files"] : [])],
  getData: (type: string) => texts[type] ?? "",
});

it("leaves text to the field, whatever picture of itself comes with it", async () => {
  await desk();
  for (const [box, label] of [
    [words, "reply"],
    [note, "note"],
  ] as const) {
    if (label === "note") toNote();
    const cells = carried({ "text/plain": "1\t2", "text/html": "<table>", "text/rtf": "{}" }, picture());
    // `true`: nothing was cancelled, so the browser writes the text.
    expect(fireEvent.paste(box(), { clipboardData: cells })).toBe(true);
    expect(fireEvent.drop(box(), { dataTransfer: cells })).toBe(true);
    expect(fireEvent.drop(box(), { dataTransfer: carried({ "text/plain": "words" }) })).toBe(true);
    expect(fireEvent.dragOver(box(), { dataTransfer: carried({ "text/plain": "words" }) })).toBe(true);
    expect(screen.queryByRole("list", { name: "Attached" })).toBeNull();
    expect(fireEvent.paste(box(), { clipboardData: carried({ "text/html": "<img>" }, picture()) })).toBe(false);
    expect(attached()).toEqual([expect.stringContaining("bill.png")]);
  }
  expect(uploads).toEqual([]);
});

it("does not mix what is attached to a note with what is attached to a reply", async () => {
  await desk();
  paste(words(), picture("offer.png"));
  toNote();
  expect(screen.queryByRole("list", { name: "Attached" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Reply" }));
  expect(attached()).toEqual([expect.stringContaining("offer.png")]);
});

it("says what cannot be sent, and sends nothing until it is removed", async () => {
  const stream = await desk();
  drop(words(), picture("empty.png", 0));
  fireEvent.change(words(), { target: { value: "here" } });
  expect(screen.getByRole("alert").textContent).toBe("The file is empty; choose a different one");
  fireEvent.keyDown(words(), { key: "Enter" });
  expect(stream.sent).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Remove empty.png" }));
  paste(words(), ...Array.from({ length: 11 }, (_, n) => picture(`${n}.png`)));
  expect(screen.getByRole("alert").textContent).toBe("At most 10 files at a time");
});

it("finds published answers by /? and sends the card of a product", async () => {
  const answer = { id: "kb-1", question: "What does roaming cost?", answer: "Roaming costs ¥30 a day." };
  const phone = { id: "g-1", name: { zh: "手机", en: "Roaming phone" }, price_fen: 199900, state: "live" };
  const answers = server({
    ...signedIn(),
    "GET /canned-replies": { items: [], next: null },
    "GET /conversations": { items: [], next: null },
    "GET /macros": { items: [] },
    "GET /knowledge/answers": { items: [answer] },
    "GET /goods": { items: [phone], next: null, total: 1, currency: "CNY" },
  });
  const stream = await desk();
  const box = words() as HTMLTextAreaElement;
  const type = (value: string) => {
    fireEvent.change(box, { target: { value, selectionStart: value.length } });
    fireEvent.select(box);
  };
  type("/?");
  expect((await screen.findByText(/Type a question/)).textContent).toContain("answers that customers get");
  type("/?roaming cost");
  const found = await screen.findByRole("option", { name: /What does roaming cost/ });
  expect(found.getAttribute("aria-selected")).toBe("true");
  const asked = answers.asked.find(({ path }) => path === "/knowledge/answers");
  expect(asked?.query.get("q")).toBe("roaming cost");
  await screen.findByRole("option", { name: /Roaming phone/ });
  fireEvent.keyDown(box, { key: "Enter" });
  expect(box.value).toBe(answer.answer);
  type("/?roaming");
  fireEvent.mouseDown(await screen.findByRole("option", { name: /Roaming phone/ }));
  expect(box.value).toBe("");
  await waitFor(() => expect(stream.sent.at(-1)?.body).toEqual({ type: "product", product: "g-1" }));
});

const type = (value: string) => {
  const box = words() as HTMLTextAreaElement;
  fireEvent.change(box, { target: { value, selectionStart: value.length } });
  fireEvent.select(box);
  return box;
};

it("sends on Enter what has a slash within a word, and inserts a reply there only when one is chosen", async () => {
  const reply = { id: "crp_1", shortcode: "return", title: "退货", body: { zh: "七天内可退。" }, updated_at: 1 };
  server({
    ...signedIn(),
    "GET /canned-replies": { items: [reply], next: null },
    "GET /conversations": { items: [], next: null },
    "GET /macros": { items: [] },
  });
  const stream = await desk();
  const box = type("换货/退货");
  const offered = await screen.findByRole("option", { name: /退货/ });
  expect(offered.getAttribute("aria-selected")).toBe("false");
  expect(box.getAttribute("aria-activedescendant")).toBeNull();
  fireEvent.keyDown(box, { key: "Enter" });
  await waitFor(() => expect(stream.sent.at(-1)?.body).toEqual({ type: "text", text: "换货/退货" }));
  type("您好/退货");
  await screen.findByRole("option", { name: /退货/ });
  fireEvent.keyDown(box, { key: "ArrowDown" });
  fireEvent.keyDown(box, { key: "Enter" });
  expect(box.value).toBe("您好七天内可退。");
});

it("has one draft in all tabs: what another one sent is not sent again", async () => {
  await desk();
  const box = words() as HTMLTextAreaElement;
  const key = "yingda.console.draft.agt_1.cnv_a";
  const elsewhere = (draft: object | null) => {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    act(() => {
      dispatchEvent(new StorageEvent("storage", { key, newValue: draft && JSON.stringify(draft) }));
    });
  };
  type("On its w");
  expect(localStorage.getItem(key)).toContain("On its w");
  elsewhere({ reply: "On its way", note: "", mode: "reply" });
  expect(box.value).toBe("On its way");
  elsewhere(null);
  expect(box.value).toBe("");
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { me } from "./samples";

const greet = {
  id: "crp_1",
  shortcode: "greet",
  title: "Greeting",
  body: { zh: "您好，我是 {{agent.number}} 号", en: "Hello" },
  updated_at: 100,
};
const wait = { id: "crp_2", shortcode: "wait", title: "One moment", body: { zh: "请稍等", en: "" }, updated_at: 200 };
const list = (...items: unknown[]) => ({ items, next: null });
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("canned replies", () => {
  it("lists them in both languages and is accessible", async () => {
    server({ ...signedIn(), "GET /canned-replies": list(greet, wait) });
    open("/bot/canned-replies");
    const row = (await screen.findByText("/greet")).closest("tr")!;
    expect(within(row).getByText("Hello")).toBeTruthy();
    expect(within(row).getByText(/您好/).closest("[lang]")?.getAttribute("lang")).toBe("zh-CN");
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows the first steps while there are none", async () => {
    server({ ...signedIn(), "GET /canned-replies": list() });
    open("/bot/canned-replies");
    expect(await screen.findByText(/No canned replies yet/)).toBeTruthy();
  });

  it("searches on the server and keeps the words in the address", async () => {
    const all = server({
      ...signedIn(),
      "GET /canned-replies": ({ query }: Asked) => (query.get("q") === "moment" ? list(wait) : list(greet, wait)),
    });
    const { router } = open("/bot/canned-replies");
    await screen.findByText("/greet");
    type("Find by shortcode, title or text", "moment");
    await waitFor(() => expect(screen.queryByText("/greet")).toBeNull());
    expect(router.state.location.search).toEqual({ q: "moment" });
    expect(all.asked.some((one) => one.query.get("q") === "moment")).toBe(true);
  });

  it("writes a new one", async () => {
    const all = server({ ...signedIn(), "GET /canned-replies": list(greet), "POST /canned-replies": greet });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "New" }));
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Give it a title")).toBeTruthy();
    type("Shortcode", "Bye");
    type("Title", "Farewell");
    type("English", "Good bye");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.method === "POST")?.body).toEqual({
        shortcode: "bye",
        title: "Farewell",
        body: { zh: "", en: "Good bye" },
      }),
    );
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "New canned reply" })).toBeNull());
    expect(screen.getByText("Saved “Farewell”")).toBeTruthy();
  });

  it("puts a refused shortcode beside its field and keeps what was written", async () => {
    server({
      ...signedIn(),
      "GET /canned-replies": list(greet),
      "POST /canned-replies": new Refusal(409, "canned_reply_shortcode_taken", "shortcode"),
    });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "New" }));
    type("Shortcode", "greet");
    type("Title", "Another");
    type("Chinese", "您好");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("This shortcode is taken; choose a different one")).toBeTruthy();
    expect(screen.getByLabelText("Shortcode").getAttribute("aria-invalid")).toBe("true");
    expect((screen.getByLabelText("Title") as HTMLInputElement).value).toBe("Another");
  });

  it("inserts variables and shows what the customer will see", async () => {
    server({ ...signedIn(), "GET /canned-replies": list(greet) });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Greeting" }));
    fireEvent.focus(screen.getByLabelText("English"));
    fireEvent.click(screen.getByRole("button", { name: "agent number" }));
    expect((screen.getByLabelText("English") as HTMLTextAreaElement).value).toContain("{{agent.number}}");
    expect(screen.getByText("The customer sees").parentElement?.textContent).toContain(me.number);
  });

  it("shows both versions of a conflict and saves over the newer one only when told to", async () => {
    const newer = { ...greet, title: "Changed by Jiang", updated_at: 300 };
    const all = server({
      ...signedIn(),
      "GET /canned-replies": list(greet),
      "PATCH /canned-replies/crp_1": ({ body }: Asked) =>
        (body as { seen: number }).seen === 300 ? newer : new Refusal(409, "conflict"),
    });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Greeting" }));
    type("Title", "My title");
    all.answers["GET /canned-replies"] = list(newer);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    expect(screen.getByText("My title")).toBeTruthy();
    expect(within(screen.getByRole("dialog")).getByText("Changed by Jiang")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Use mine" }));
    await waitFor(() =>
      expect(
        all.asked
          .filter((one) => one.method === "PATCH")
          .map((one) => (one.body as { seen: number; title: string }).seen),
      ).toEqual([100, 300]),
    );
    expect(await screen.findByText("Saved “My title”")).toBeTruthy();
  });

  it("takes the newer version on request", async () => {
    const newer = { ...greet, title: "Changed by Jiang", updated_at: 300 };
    const all = server({
      ...signedIn(),
      "GET /canned-replies": list(greet),
      "PATCH /canned-replies/crp_1": new Refusal(409, "conflict"),
    });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Greeting" }));
    all.answers["GET /canned-replies"] = list(newer);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    fireEvent.click(await screen.findByRole("button", { name: "Use theirs" }));
    expect((screen.getByLabelText("Title") as HTMLInputElement).value).toBe("Changed by Jiang");
  });

  it("deletes after one question, with a way back", async () => {
    let kept = [greet];
    const all = server({
      ...signedIn(),
      "GET /canned-replies": () => list(...kept),
      "DELETE /canned-replies/crp_1": () => {
        kept = [];
        return null;
      },
      "POST /canned-replies": greet,
    });
    open("/bot/canned-replies");
    fireEvent.click(await screen.findByRole("button", { name: "Delete Greeting" }));
    const ask = screen.getByRole("dialog", { name: "Delete “Greeting”?" });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(ask).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(all.asked.some((one) => one.method === "DELETE")).toBe(true));
    expect(await screen.findByText("Deleted “Greeting”")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone")).toBeTruthy();
    expect(all.asked.find((one) => one.method === "POST")?.body).toEqual({
      shortcode: greet.shortcode,
      title: greet.title,
      body: { zh: greet.body.zh ?? "", en: greet.body.en ?? "" },
    });
  });

  it("lets people without the permission read only", async () => {
    server({ ...signedIn({ ...me, permissions: ["desk"] }), "GET /canned-replies": list(greet) });
    open("/bot/canned-replies");
    await screen.findByText("/greet");
    expect(screen.queryByRole("button", { name: "New" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Edit Greeting" })).toBeNull();
  });
});

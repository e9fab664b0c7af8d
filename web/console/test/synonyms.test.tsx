import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";

const bill = { id: "syn_1", lang: "zh-CN", words: ["话费", "余额", "账单"], elsewhere: ["账单"], updated_at: 100 };
const plan = { id: "syn_2", lang: "en", words: ["plan", "tariff"], elsewhere: [], updated_at: 0 };
const list = (...items: unknown[]) => ({ items, next: null, total: items.length });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("synonyms", () => {
  it("are listed with their words, marking those of two groups, and are accessible", async () => {
    server({ ...signedIn(), "GET /knowledge/synonyms": list(bill, plan) });
    open("/bot/synonyms");
    const rows = await screen.findByRole("list", { name: "Synonyms" });
    expect(within(rows).getAllByRole("listitem").length).toBe(2);
    expect(within(rows).getByText("账单").textContent).toBe("账单 (also in another group)");
    expect(within(rows).getByText("话费").closest("[lang]")?.getAttribute("lang")).toBe("zh-CN");
    expect(screen.getByText("2 groups")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("say what to do while there are none, and keep the search in the address", async () => {
    const all = server({ ...signedIn(), "GET /knowledge/synonyms": list() });
    const { router } = open("/bot/synonyms");
    expect(await screen.findByText(/No synonyms yet/)).toBeTruthy();
    type("Find a word", "bill");
    await waitFor(() => expect(router.state.location.search).toEqual({ q: "bill" }));
    expect(await screen.findByText("Nothing matches")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Language"), { target: { value: "en" } });
    fireEvent.click(screen.getByLabelText("Only groups that share a word"));
    await waitFor(() => expect(router.state.location.search).toEqual({ q: "bill", lang: "en", shared: true }));
    await waitFor(() => expect(all.asked.some(({ query }) => query.get("shared") === "true")).toBe(true));
    await press("Show all");
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it("are added: the form names what is missing, and asks before a word gets two meanings", async () => {
    const refusal = new Refusal(409, "synonym_elsewhere", "words");
    refusal.names = [{ zh: "账单", en: "账单" }];
    const all = server({
      ...signedIn(),
      "GET /knowledge/synonyms": list(bill),
      "POST /knowledge/synonyms": ({ body }: Asked) => ((body as { anyway: boolean }).anyway ? bill : refusal),
    });
    open("/bot/synonyms");
    await press("New group");
    expect(await faults(document.body)).toEqual([]);
    type("Words", "发票");
    await press("Save");
    expect(screen.getByText("Write at least two different words")).toBeTruthy();
    type("Words", " 发票 \n账单\n发票");
    await press("Save");
    expect(await screen.findByText("Another group already has: 账单")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    await press("Save anyway");
    await waitFor(() =>
      expect(all.asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
        { lang: "zh-CN", words: ["发票", "账单"], anyway: false },
        { lang: "zh-CN", words: ["发票", "账单"], anyway: true },
      ]),
    );
    expect(await screen.findByText("Saved; the bot uses it from now on")).toBeTruthy();
  });

  it("show both versions of a conflict, and save over the newer one only when told to", async () => {
    const newer = { ...bill, words: ["话费", "钱"], updated_at: 300 };
    const all = server({
      ...signedIn(),
      "GET /knowledge/synonyms": list(bill),
      "GET /knowledge/synonyms/syn_1": newer,
      "PATCH /knowledge/synonyms/syn_1": ({ body }: Asked) =>
        (body as { seen: number }).seen === 300 ? newer : new Refusal(409, "conflict"),
    });
    open("/bot/synonyms");
    await press("Edit the group of “话费”");
    type("Words", "话费\n余额");
    await press("Save");
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    await press("Use mine");
    await waitFor(() =>
      expect(
        all.asked.filter(({ method }) => method === "PATCH").map(({ body }) => (body as { seen: number }).seen),
      ).toEqual([100, 300]),
    );
  });

  it("are deleted at once, which can be undone", async () => {
    const all = server({
      ...signedIn(),
      "GET /knowledge/synonyms": list(bill),
      "DELETE /knowledge/synonyms/syn_1": null,
      "POST /knowledge/synonyms": bill,
    });
    open("/bot/synonyms");
    await press("Delete the group of “话费”");
    await press("Undo");
    await waitFor(() =>
      expect(all.asked.find(({ method }) => method === "POST")?.body).toEqual({
        lang: "zh-CN",
        words: bill.words,
        anyway: true,
      }),
    );
  });

  it("are tried with a sentence, which shows how the bot reads it", async () => {
    server({
      ...signedIn(),
      "GET /knowledge/synonyms": list(bill),
      "GET /knowledge/meanings": {
        lang: "zh-CN",
        phrases: [{ phrase: "余额", groups: [["话费", "余额", "账单"]] }],
        outcome: "confident",
        nearest: { zh: "怎么查话费", en: "How do I check my balance?" },
      },
    });
    const { router } = open("/bot/synonyms");
    await screen.findByRole("list", { name: "Synonyms" });
    type("What a customer might say", "我的余额");
    expect((await screen.findByText("余额", { selector: "mark" })).textContent).toBe("余额");
    expect(screen.getByText("How do I check my balance?")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    await press("话费 · 账单");
    await waitFor(() => expect(router.state.location.search).toEqual({ q: "话费" }));
  });
});

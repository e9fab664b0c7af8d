import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { customersSearch } from "../src/customers/search";
import { forgetPerson } from "../src/lib/session";
import { open, Refusal, server, signedIn } from "./render";
import { conversation, me } from "./samples";

const reader = { ...me, permissions: me.permissions.filter((one) => one !== "customers.edit") };
const lei = {
  id: "cst_1",
  name: "李雷",
  lang: "zh-CN",
  contacts: [
    { from: "account", kind: "phone", masked: "138****8000" },
    { from: "staff", kind: "email", masked: "l***@example.com" },
  ],
  labels: [{ id: "lbl_1", name: { zh: "重要", en: "VIP" }, colour: "ok" }],
  subject: null,
  created_at: 1_795_140_000_000,
  conversations: 2,
  last_conversation_at: 1_795_150_000_000,
};
const unnamed = {
  ...lei,
  id: "cst_2",
  name: null,
  contacts: [],
  subject: "u-7",
  conversations: 0,
  last_conversation_at: null,
};
const profile = { ...lei, note: "Calls in the evening", updated_at: 7, merged: [], merged_into: null };
const list = (...items: unknown[]) => ({ items, next: null });
const events = list(
  { kind: "rating", at: 5000, conversation: "cnv_a", seq: 9, score: 4, comment: "<b>quick</b>", solved: true },
  { kind: "left_message", at: 4000, conversation: "cnv_a", seq: 3, text: "Call me" },
  { kind: "conversation", at: 3000, conversation: { ...conversation("a"), subject: "Where is my parcel?" } },
  { kind: "visited", at: 2000, site: "sit_1", name: { zh: "营业厅", en: "The hall" }, last_seen_at: 4000 },
  { kind: "added", at: 1000 },
);
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

beforeEach(() => forgetPerson(new QueryClient()));

it("lists customers, searches for them, and says what can be looked for when nobody is found", async () => {
  const all = server({ ...signedIn(me), "GET /customers": list(lei, unnamed) });
  const { router } = open("/customers");
  const row = (await screen.findByRole("rowheader", { name: "李雷" })).closest("tr") as HTMLElement;
  expect(row.textContent).toContain("138****8000");
  expect(within(row).getByRole("link", { name: "2 conversations with 李雷" }).getAttribute("href")).toMatch(
    /\/records\?customer=cst_1$/,
  );
  expect(screen.getByRole("rowheader", { name: "u-7" })).toBeTruthy();
  expect(await faults(document.body)).toEqual([]);
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "8000" } });
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "8000" }));
  await waitFor(() => expect(all.asked.at(-1)?.query.get("q")).toBe("8000"));
});

it("says what to do where nobody is found, and offers nothing to whoever may not", async () => {
  server({ ...signedIn(reader), "GET /customers": list() });
  open("/customers?q=8001");
  await screen.findByText(/Nobody is found by “8001”/);
  expect(screen.queryByRole("button", { name: "New customer" })).toBeNull();
  await press("Clear the search");
  await screen.findByText(/No customers yet/);
});

it("adds a customer: asks before a number is noted that another one has", async () => {
  const all = server({
    ...signedIn(me),
    "GET /customers": list(),
    "GET /customers/cst_1": profile,
    "GET /customers/cst_1/timeline": list(),
    "POST /customers": new Refusal(409, "customer_known", "mobile"),
  });
  const { router } = open("/customers");
  await press("New customer");
  await press("Save");
  expect(screen.getByText("Enter a name, a number or an address")).toBeTruthy();
  type("Name", " 李雷 ");
  type("Mobile number", "13800138000");
  expect(await faults(document.body)).toEqual([]);
  await press("Save");
  await screen.findByText("Another customer has this number.");
  all.answers["POST /customers"] = profile;
  await press("Save all the same");
  await waitFor(() => expect(router.state.location.pathname).toBe("/customers/cst_1"));
  const sent = all.asked.filter(({ method }) => method === "POST").map(({ body }) => body);
  const body = { name: "李雷", lang: "en", mobile: "13800138000" };
  expect(sent).toEqual([
    { ...body, confirmed: false },
    { ...body, confirmed: true },
  ]);
});

it("shows a profile with what happened, reveals a contact, and changes only what was typed", async () => {
  const all = server({
    ...signedIn(me),
    "GET /customers/cst_1": profile,
    "GET /customers/cst_1/timeline": events,
    "POST /customers/cst_1/contacts/reveal": { contacts: [{ from: "account", text: "+8613800138000" }] },
    "PATCH /customers/cst_1": profile,
  });
  open("/customers/cst_1");
  expect(await screen.findByRole("heading", { level: 1, name: "李雷" })).toBeTruthy();
  const items = within(await screen.findByRole("list", { name: "What happened" })).getAllByRole("listitem");
  expect(items.map((item) => item.querySelector("b")?.textContent)).toEqual([
    "Rating",
    "Left a message",
    "Conversation",
    "First visit",
    "Became a customer",
  ]);
  // What people wrote is text.
  expect(items[0]?.textContent).toContain("<b>quick</b>");
  expect(
    within(items[2] as HTMLElement)
      .getByRole("link")
      .getAttribute("href"),
  ).toMatch(/\/records\?open=cnv_a$/);
  expect(await faults(document.body)).toEqual([]);
  await press("Show 138****8000 for 30 seconds");
  expect(await screen.findByText("+8613800138000")).toBeTruthy();
  await press("Edit");
  await press("Remove l***@example.com");
  type("Note", "Calls at noon");
  await press("Save");
  await waitFor(() =>
    expect(all.asked.find(({ method }) => method === "PATCH")?.body).toEqual({
      email: "",
      note: "Calls at noon",
      confirmed: false,
      seen: 7,
    }),
  );
});

it("shows both versions after a conflict, also of contacts that are masked", async () => {
  const theirs = { ...profile, contacts: [{ from: "staff", kind: "phone", masked: "139****9000" }], updated_at: 8 };
  const all = server({
    ...signedIn(me),
    "GET /customers/cst_1": profile,
    "GET /customers/cst_1/timeline": list(),
    "PATCH /customers/cst_1": new Refusal(409, "conflict"),
  });
  open("/customers/cst_1");
  await press("Edit");
  type("Note", "Calls at noon");
  all.answers["GET /customers/cst_1"] = theirs;
  await press("Save");
  const dialog = screen.getByRole("dialog", { name: "Edit" });
  await within(dialog).findByRole("alert");
  const values = within(dialog).getAllByRole("definition");
  expect(values.map(({ textContent }) => textContent)).toEqual([
    ...["李雷", "(empty)", "l***@example.com", "Calls at noon"],
    ...["李雷", "139****9000", "(empty)", "Calls in the evening"],
  ]);
});

const other = {
  ...unnamed,
  id: "cst_3",
  name: "Li Lei",
  contacts: [{ from: "staff", kind: "phone", masked: "139****9000" }],
};
const merge = { merged_at: 1_795_150_000_000, merged_by: "沈知微" };

it("merges another customer into the one that is shown, says why not, and offers to undo it", async () => {
  const all = server({
    ...signedIn(me),
    "GET /customers/cst_1": profile,
    "GET /customers/cst_1/timeline": list(),
    "GET /customers": list(lei, other),
    "POST /customers/cst_3/merge": new Refusal(409, "customer_merged"),
    "DELETE /customers/cst_3/merge": null,
  });
  open("/customers/cst_1");
  await press("Merge");
  const dialog = await screen.findByRole("dialog", { name: "Merge with another customer" });
  fireEvent.change(within(dialog).getByRole("searchbox"), { target: { value: "lei" } });
  const offered = await within(dialog).findByRole("list", { name: "Customers" });
  // Nobody is merged with themselves.
  expect(within(offered).getAllByRole("button")).toHaveLength(1);
  fireEvent.click(within(offered).getByRole("button", { name: /Li Lei/ }));
  expect(await faults(document.body)).toEqual([]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
  expect((await within(dialog).findByRole("alert")).textContent).toMatch(/merged already/);
  all.answers["POST /customers/cst_3/merge"] = profile;
  all.answers["GET /customers/cst_1"] = { ...profile, merged: [{ ...other, ...merge }] };
  fireEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
  const merged = await screen.findByRole("list", { name: "Merged into this profile" });
  expect(merged.textContent).toMatch(/Li Lei.*by 沈知微.*139\*{4}9000/);
  expect(await faults(document.body)).toEqual([]);
  await press("Undo");
  await waitFor(() => expect(all.asked.some(({ method }) => method === "DELETE")).toBe(true));
  expect(
    all.asked.filter(({ method, path }) => method === "POST" && path.endsWith("/merge")).map(({ body }) => body),
  ).toEqual([{ into: "cst_1" }, { into: "cst_1" }]);
});

it("labels a customer, takes that back, and shows those who have a label", async () => {
  const late = {
    id: "lbl_2",
    name: { zh: "逾期", en: "Late" },
    colour: "hot",
    archived_at: null,
    sound: "",
    updated_at: 1,
  };
  const vip = { ...lei.labels[0], archived_at: null, sound: "", updated_at: 1 };
  const all = server({
    ...signedIn(me),
    "GET /labels": { items: [vip, late], likely: [] },
    "GET /customers/cst_1": profile,
    "GET /customers/cst_1/timeline": list(),
    "PUT /customers/cst_1/labels": profile,
    "GET /customers": list(lei),
  });
  const { router } = open("/customers/cst_1");
  await press("Label");
  const dialog = await screen.findByRole("dialog");
  fireEvent.click(await within(dialog).findByRole("checkbox", { name: "Late" }));
  all.answers["GET /customers/cst_1"] = { ...profile, labels: [...profile.labels, late] };
  fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  const labels = screen.getByRole("list", { name: "Labels" });
  expect(await within(labels).findByText("Late")).toBeTruthy();
  expect(await faults(document.body)).toEqual([]);
  await press("Undo");
  const sent = () => all.asked.filter(({ method }) => method === "PUT").map(({ body }) => body);
  await waitFor(() => expect(sent()).toEqual([{ labels: ["lbl_1", "lbl_2"] }, { labels: ["lbl_1"] }]));
  fireEvent.click(within(labels).getByRole("link", { name: "VIP" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/customers"));
});

it("leads from who is merged to the one that shows both, and separates them", async () => {
  const all = server({
    ...signedIn(me),
    "GET /customers/cst_3": { ...other, note: null, updated_at: 1, merged: [], merged_into: { ...lei, ...merge } },
    "GET /customers/cst_3/timeline": list(),
    "DELETE /customers/cst_3/merge": null,
  });
  open("/customers/cst_3");
  expect((await screen.findByRole("link", { name: "李雷" })).getAttribute("href")).toMatch(/\/customers\/cst_1$/);
  expect(screen.queryByRole("button", { name: "Merge" })).toBeNull();
  await press("Separate from 李雷");
  await waitFor(() => expect(all.asked.some(({ method }) => method === "DELETE")).toBe(true));
});

it("says of whom nothing may be seen that they are not there", async () => {
  server(signedIn(me));
  open("/customers/cst_9");
  expect(await screen.findByText(/There is no such customer/)).toBeTruthy();
});

it("takes from the address only what it can search for", () => {
  expect(customersSearch({ q: 8000, cursor: "x" })).toEqual({ q: "8000" });
  expect(customersSearch({ q: " " })).toEqual({});
});

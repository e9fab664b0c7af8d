import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { CompanySite } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Server } from "./render";
import { administrator as tara, noon } from "./samples";

const shop: CompanySite = {
  id: "sit_1",
  key: "shop",
  state: "active",
  queue: "que_1",
  name: { zh: "店", en: "Shop" },
  bot_name: { zh: "应", en: "Ying" },
  greeting: { zh: "好", en: "Hi" },
  closed_greeting: { zh: "", en: "" },
  privacy_note: { zh: "存", en: "Kept" },
  brand: null,
  brand_shown: null,
  side: "end",
  questions: [],
  origins: [],
  asks_rating: true,
  rating_reasons: [],
  message_when_unstaffed: false,
  offer_after_misses: 2,
  help_lines: { zh: "110", en: "112" },
  requires_identity: false,
  asks_about: { on: false, may_skip: true, questions: [] },
  snippet: '<script data-site="shop"></script>',
  updated_at: 4,
};
const secret = { kid: "k1", algorithm: "HS256", made_at: noon, last_used_at: null, valid_until: null };
const SECRETS = "/company/sites/sit_1/secrets";

function sites(more: Record<string, unknown> = {}): Server {
  const asked = server({
    ...signedIn(tara),
    "GET /queues": { items: [] },
    "GET /company/sites": { items: [shop] },
    "GET /company/sites/sit_1/installation": { loader: 2, pages: [] },
    [`GET ${SECRETS}`]: { items: [secret] },
    ...more,
  });
  open("/settings/sites");
  return asked;
}
const dialog = async () => {
  fireEvent.click(await screen.findByRole("button", { name: "Signed identity on Shop" }));
  return screen.findByRole("dialog");
};

describe("where the snippet was seen", () => {
  it("is said, also if it was seen nowhere", async () => {
    sites();
    expect(await screen.findByText("Not seen yet")).toBeTruthy();
  });

  it("names the pages, and the loader where it is old", async () => {
    const at = (page: string, loader: number) => ({ page, loader, first_at: noon, last_at: noon });
    const pages = ["cart", "help", "home", "more"].map((name) => at(`https://shop.example/${name}`, 2));
    sites({
      "GET /company/sites/sit_1/installation": { loader: 2, pages: [at("https://shop.example/", 1), ...pages] },
    });
    expect(await screen.findByText("https://shop.example/")).toBeTruthy();
    expect(screen.getAllByText(/Old loader/)).toHaveLength(1);
    expect(screen.getByText("and 2 more pages")).toBeTruthy();
  });
});

describe("signed identity", () => {
  it("makes a secret, shows it once, and says how it is used", async () => {
    const asked = sites({
      [`POST ${SECRETS}`]: { kid: "k2", algorithm: "HS256", secret: "s3cret", made_at: noon, earlier_until: noon },
    });
    fireEvent.click(within(await dialog()).getByRole("button", { name: "New secret" }));
    expect(((await screen.findByLabelText("Secret")) as HTMLInputElement).value).toBe("s3cret");
    expect(screen.getByText(/kid = k2.*aud = shop/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "I have saved it" }));
    await waitFor(() => expect(screen.queryByDisplayValue("s3cret")).toBeNull());
    expect(asked.asked.filter((one) => one.method === "POST").map((one) => one.path)).toEqual([SECRETS]);
  });

  it("takes a public key instead, and says what is none", async () => {
    let times = 0;
    const asked = sites({
      [`POST ${SECRETS}`]: () =>
        ++times === 1
          ? new Refusal(422, "invalid_value", "public_key")
          : { kid: "k3", algorithm: "EdDSA", secret: null, made_at: noon, earlier_until: noon },
    });
    fireEvent.click(within(await dialog()).getByRole("button", { name: "Add public key…" }));
    const key = await screen.findByLabelText("Public key");
    fireEvent.change(key, { target: { value: "no key" } });
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByText(/This is no public Ed25519 key/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(key, { target: { value: "a key" } });
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByText(/k3/)).toBeTruthy();
    expect(asked.asked.filter((one) => one.method === "POST").at(-1)?.body).toEqual({ public_key: "a key" });
  });

  it("revokes a secret after a question", async () => {
    const asked = sites({ [`DELETE ${SECRETS}/k1`]: null });
    fireEvent.click(await within(await dialog()).findByRole("button", { name: "Revoke k1" }));
    expect(await screen.findByText("Revoke the key k1?")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Revoke" }));
    await waitFor(() => expect(asked.asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("is required on request, and says why it cannot be", async () => {
    const asked = sites({
      [`GET ${SECRETS}`]: { items: [] },
      "PATCH /company/sites/sit_1": new Refusal(422, "invalid_value", "requires_identity"),
    });
    const shown = await dialog();
    expect(await within(shown).findByText("No key yet")).toBeTruthy();
    fireEvent.click(within(shown).getByRole("switch"));
    await waitFor(() =>
      expect(asked.asked.find((one) => one.method === "PATCH")?.body).toEqual({ requires_identity: true, seen: 4 }),
    );
  });

  it("is accessible", async () => {
    sites();
    const shown = await dialog();
    await within(shown).findByText("k1");
    expect(await faults(document.body)).toEqual([]);
  });
});

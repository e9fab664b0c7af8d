import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ApiToken } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { administrator, manager, noon, roles } from "./samples";

const crm: ApiToken = {
  id: "tok_1",
  program: "agt_77",
  name: "CRM",
  state: "active",
  hint: "ydt_…9xQz",
  permissions: [
    { permission: "desk", reach: ["own", "queue"] },
    { permission: "integrations", reach: ["company"] },
  ],
  ranges: ["192.0.2.0/24"],
  created_at: noon,
  made_by: "陶然",
  expires_at: noon + 86_400_000,
  last_used_at: noon,
  old_secret_until: null,
  revoked_at: null,
  revoked_by: null,
  refused: 0,
  refused_why: null,
  refused_at: null,
};
const possible = {
  ...roles,
  permissions: [...roles.permissions, { permission: "integrations", reach: ["company"] }],
};
const list = (...items: ApiToken[]) => ({ items });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const desk = async (reach: string) =>
  within(await screen.findByRole("group", { name: "Serve conversations" })).getByRole("checkbox", { name: reach });
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("tokens of programs", () => {
  it("are listed with what they may do and how they were used", async () => {
    const gone: ApiToken = {
      ...crm,
      id: "tok_2",
      name: "Old report",
      state: "revoked",
      ranges: [],
      revoked_at: noon,
      revoked_by: "江棠",
      refused: 12,
      refused_why: "revoked",
      refused_at: noon,
    };
    server({ ...signedIn(administrator), "GET /tokens": list(crm, gone) });
    open("/settings/tokens");
    const card = await screen.findByRole("listitem", { name: "CRM" });
    expect(within(card).getByText("Serve conversations: their own, waiting in their queues")).toBeTruthy();
    expect(within(card).getByText("Connect other systems")).toBeTruthy();
    expect(within(card).getByText("Only from 192.0.2.0/24")).toBeTruthy();
    expect(within(card).getByText(/^last used/)).toBeTruthy();
    const other = screen.getByRole("listitem", { name: "Old report" });
    expect(within(other).getByText(/^Refused 12 times/)).toBeTruthy();
    expect(within(other).queryByRole("button")).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("are made with what was chosen, and the secret is shown once", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /tokens": list(),
      "GET /roles": possible,
      "POST /tokens": { ...crm, secret: "ydt_secret" },
    });
    open("/settings/tokens");
    expect(await screen.findByText("No tokens yet")).toBeTruthy();
    await press("New token");
    await press("Make the token");
    expect(screen.getByText("Enter the name of the program")).toBeTruthy();
    expect(screen.getByText("Choose at least one permission")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("Program", " CRM ");
    fireEvent.click(await desk("of the whole company"));
    fireEvent.click(screen.getByRole("checkbox", { name: "Connect other systems" }));
    type("Only from these addresses", "192.0.2.0/24\n\n 2001:db8::/32 ");
    type("Valid for", "never");
    await press("Make the token");
    const shown = await screen.findByRole("dialog", { name: "The token’s secret" });
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({
      name: "CRM",
      permissions: [
        { permission: "desk", reach: ["company"] },
        { permission: "integrations", reach: ["company"] },
      ],
      ranges: ["192.0.2.0/24", "2001:db8::/32"],
      expires_at: null,
    });
    expect((within(shown).getByLabelText("Secret") as HTMLInputElement).value).toBe("ydt_secret");
    fireEvent.click(within(shown).getByRole("button", { name: "I have saved it" }));
    await waitFor(() => expect(screen.queryByDisplayValue("ydt_secret")).toBeNull());
  });

  it("can be given what the maker holds, also by those who may not read the list of roles", async () => {
    const grants = [
      { permission: "desk" as const, reach: ["own" as const, "queue" as const] },
      { permission: "tokens.manage" as const, reach: ["company" as const] },
    ];
    const asked = server({
      ...signedIn({ ...administrator, grants, permissions: grants.map(({ permission }) => permission) }),
      "GET /tokens": list(),
    });
    open("/settings/tokens");
    await press("New token");
    expect(await desk("waiting in their queues")).toBeTruthy();
    expect(screen.queryByRole("checkbox", { name: "of the whole company" })).toBeNull();
    expect(screen.getByRole("checkbox", { name: "Make and revoke API tokens" })).toBeTruthy();
    expect(asked.asked.some(({ path }) => path === "/roles")).toBe(false);
  });

  it("show a refusal beside its field", async () => {
    server({
      ...signedIn(administrator),
      "GET /tokens": list(),
      "GET /roles": possible,
      "POST /tokens": new Refusal(422, "invalid_value", "ranges"),
    });
    open("/settings/tokens");
    await press("New token");
    type("Program", "CRM");
    fireEvent.click(await desk("their own"));
    type("Only from these addresses", "everywhere");
    await press("Make the token");
    expect(await screen.findByText(/Enter ranges such as/)).toBeTruthy();
    expect(screen.getByLabelText("Only from these addresses").getAttribute("aria-invalid")).toBe("true");
  });

  it("are made after a proof of who one is, and not without one", async () => {
    let proved = false;
    server({
      ...signedIn(administrator),
      "GET /tokens": list(),
      "GET /roles": possible,
      "GET /me/second-step": { app_since: 1, recovery_codes_left: 10, required: false },
      "GET /me/passkeys": { items: [] },
      "POST /tokens": () => (proved ? { ...crm, secret: "ydt_secret" } : new Refusal(403, "proof_required")),
      "POST /me/proof": (one: Asked) => {
        proved = (one.body as { code?: string }).code === "123456";
        return null;
      },
    });
    open("/settings/tokens");
    await press("New token");
    type("Program", "CRM");
    fireEvent.click(await desk("their own"));
    await press("Make the token");
    const asks = await screen.findByRole("dialog", { name: "Is it you?" });
    fireEvent.click(within(asks).getByRole("button", { name: "Close" }));
    expect(await screen.findByText("Prove again who you are first")).toBeTruthy();
    await press("Make the token");
    const again = await screen.findByRole("dialog", { name: "Is it you?" });
    expect(within(again).queryByLabelText("Password")).toBeNull();
    fireEvent.change(within(again).getByRole("textbox"), { target: { value: "123456" } });
    fireEvent.click(within(again).getByRole("button", { name: "Continue" }));
    expect(await screen.findByDisplayValue("ydt_secret")).toBeTruthy();
  });

  it("get a new secret with an overlap, and are revoked after a question", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /tokens": list(crm),
      "POST /tokens/tok_1/secret": { ...crm, secret: "ydt_next" },
      "DELETE /tokens/tok_1": null,
    });
    open("/settings/tokens");
    await press("New secret");
    type("The old secret stays valid for", "1");
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "New secret" }));
    expect(await screen.findByDisplayValue("ydt_next")).toBeTruthy();
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({ overlap_s: 3600 });
    await press("I have saved it");
    await press("Revoke");
    expect(await screen.findByText("Revoke “CRM”?")).toBeTruthy();
    const buttons = screen.getAllByRole("button", { name: "Revoke" });
    fireEvent.click(buttons.at(-1)!);
    await waitFor(() => expect(asked.asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("are not offered to somebody without the permission", async () => {
    const asked = server({ ...signedIn(manager), "GET /tokens": list(crm) });
    open("/settings/tokens");
    await screen.findAllByRole("navigation", { name: "Main" });
    expect(screen.queryByRole("listitem", { name: "CRM" })).toBeNull();
    expect(asked.asked.some(({ path }) => path === "/tokens")).toBe(false);
  });
});

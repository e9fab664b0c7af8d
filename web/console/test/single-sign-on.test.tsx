import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { SingleSignOn } from "@yingda/api/types";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { administrator, manager, me, noon, roles } from "./samples";

const redirect_uri = "https://chat.example/console/single-sign-on/tnt_1";
const connection: SingleSignOn = {
  issuer: "https://id.example",
  client_id: "yingda",
  domains: ["linkong.example"],
  groups_claim: "groups",
  roles: [
    { group: "leads", role: "manager" },
    { group: "night", role: "rol_1" },
  ],
  role_otherwise: "agent",
  creates: true,
  required: false,
  proved_at: noon,
  updated_at: 7,
};
const none = { redirect_uri, connection: null };
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("single sign-on in the settings", () => {
  it("says what to do while there is none; the form names what is missing and sends what was entered", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "GET /single-sign-on": none,
      "PUT /single-sign-on": new Refusal(422, "invalid_value", "domains"),
    });
    open("/settings/single-sign-on");
    expect(await screen.findByText("No identity provider yet")).toBeTruthy();
    expect(screen.getByText(redirect_uri)).toBeTruthy();
    await press("Set up");
    expect(await faults(document.body)).toEqual([]);
    await press("Save");
    expect(screen.getByLabelText("Issuer").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText("Client secret").getAttribute("aria-invalid")).toBe("true");
    type("Issuer", " https://id.example ");
    type("Client ID", "yingda");
    type("Client secret", "sesame");
    type("Mail domains", "linkong.example, example.com\n");
    type("Groups claim", "groups");
    await press("Add a group");
    await press("Add a group");
    type("Group 1", " leads ");
    type("Role of group 1", "manager");
    await press("Save");
    expect(await screen.findByText("One of these is not a mail domain; write them as example.com")).toBeTruthy();
    expect(asked.asked.find((one) => one.method === "PUT")?.body).toEqual({
      issuer: "https://id.example",
      client_id: "yingda",
      client_secret: "sesame",
      domains: ["linkong.example", "example.com"],
      groups_claim: "groups",
      roles: [{ group: "leads", role: "manager" }],
      role_otherwise: null,
      creates: false,
      required: false,
      seen: null,
    });
  });

  it("shows the rules in words, tests the connection, and keeps the secret when it is left empty", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "GET /single-sign-on": { redirect_uri, connection },
      "GET /single-sign-on/test": { fault: "wrong_issuer" },
      "PUT /single-sign-on": new Refusal(409, "single_sign_on_unproved", "required"),
    });
    open("/settings/single-sign-on");
    const card = await screen.findByRole("listitem", { name: connection.issuer });
    expect(within(card).getByText("Group leads: Manager")).toBeTruthy();
    expect(await within(card).findByText("Group night: Night shift")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(card).getByRole("button", { name: "Test the connection" }));
    expect(await within(card).findByText(/calls itself differently/)).toBeTruthy();
    fireEvent.click(within(card).getByRole("button", { name: "Edit" }));
    fireEvent.click(await screen.findByLabelText("Require single sign-on"));
    await press("Save");
    expect(await screen.findByText("Sign in with this connection once before you require it")).toBeTruthy();
    const body = asked.asked.find((one) => one.method === "PUT")?.body;
    expect(body).toMatchObject({ required: true, seen: 7, roles: connection.roles });
    expect(body).not.toHaveProperty("client_secret");
  });

  it("shows both versions after a conflict", async () => {
    let now = connection;
    server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "GET /single-sign-on": () => ({ redirect_uri, connection: now }),
      "PUT /single-sign-on": () => {
        now = { ...connection, client_id: "theirs", updated_at: 8 };
        return new Refusal(409, "conflict");
      },
    });
    open("/settings/single-sign-on");
    await press("Edit");
    type("Client ID", "mine");
    await press("Save");
    expect(await screen.findByText("theirs")).toBeTruthy();
    expect(screen.getByText("mine")).toBeTruthy();
  });

  it("gives a link to keep, and is removed after a question", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "GET /single-sign-on": { redirect_uri, connection },
      "POST /single-sign-on/emergency-link": { link: "https://chat.example/console/welcome#0", expires_at: noon },
      "DELETE /single-sign-on": null,
    });
    open("/settings/single-sign-on");
    await press("Emergency link");
    expect(((await screen.findByLabelText("Your one-time link")) as HTMLInputElement).value).toMatch(/welcome#0/);
    await press("I have saved it");
    await press("Remove");
    expect(await screen.findByText("Remove single sign-on?")).toBeTruthy();
    const question = screen.getByRole("dialog");
    fireEvent.click(within(question).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(asked.asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("is not for managers", async () => {
    const asked = server({ ...signedIn(manager) });
    open("/settings/single-sign-on");
    expect((await screen.findByRole("alert")).textContent).toMatch(/permission/);
    expect(asked.asked.some((one) => one.path === "/single-sign-on")).toBe(false);
  });
});

describe("single sign-on at the door", () => {
  const stranger = { "GET /me": new Refusal(401, "not_signed_in") };

  it("is offered by company and by address, and leads to the identity provider", async () => {
    const assign = vi.fn();
    vi.stubGlobal("location", { ...window.location, assign });
    const asked = server({
      ...stranger,
      "GET /auth/single-sign-on": { offered: true, required: false, domains: ["linkong.example"] },
      "POST /auth/single-sign-on": { url: "https://id.example/authorize?x=1" },
    });
    open("/sign-in?next=/goods");
    const enter = await screen.findByRole("button", { name: "Use single sign-on" });
    expect(await faults(document.body)).toEqual([]);
    expect(screen.queryByText(/by way of its identity provider/)).toBeNull();
    type("Work e-mail", "Ada@linkong.example");
    expect(await screen.findByText(/by way of its identity provider/)).toBeTruthy();
    fireEvent.click(enter);
    await waitFor(() => expect(assign).toHaveBeenCalledWith("https://id.example/authorize?x=1"));
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({ email: "Ada@linkong.example" });
    expect(sessionStorage.getItem("yingda.console.next")).toBe("/goods");
    sessionStorage.clear();
    vi.unstubAllGlobals();
  });

  it("is not offered where there is none", async () => {
    server({ ...stranger, "GET /auth/single-sign-on": { offered: false, required: false, domains: [] } });
    open("/sign-in");
    await screen.findByRole("heading", { name: "Sign in" });
    expect(screen.queryByRole("button", { name: "Use single sign-on" })).toBeNull();
  });

  it("takes what the identity provider sent back as it is, once, and enters", async () => {
    const finished: Asked[] = [];
    server({
      ...signedIn(),
      "POST /auth/single-sign-on/finish": (one: Asked) => {
        finished.push(one);
        return me;
      },
    });
    const { router } = open("/single-sign-on/tnt_1?state=ab&code=4%2F0&iss=https%3A%2F%2Fid.example");
    await waitFor(() => expect(router.state.location.pathname).not.toBe("/single-sign-on/tnt_1"));
    expect(finished.map((one) => one.body)).toEqual([
      { company: "tnt_1", state: "ab", code: "4/0", iss: "https://id.example" },
    ]);
  });

  it("asks for the second step where there is one, and enters after it at the page that was wanted", async () => {
    sessionStorage.setItem("yingda.console.next", "/goods");
    const asked = server({
      ...signedIn(),
      "POST /auth/single-sign-on/finish": { token: "waits", expires_at: noon, methods: ["app"] },
      "POST /auth/second-step": me,
    });
    const { router } = open("/single-sign-on/tnt_1?state=ab&code=c");
    fireEvent.change(await screen.findByRole("textbox"), { target: { value: "123456" } });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.submit(screen.getByRole("textbox"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/goods"));
    expect(asked.asked.find((one) => one.path === "/auth/second-step")?.body).toEqual({
      token: "waits",
      code: "123456",
    });
  });

  it("says why nobody came in, and leads back to the sign-in", async () => {
    server({ ...stranger, "POST /auth/single-sign-on/finish": new Refusal(403, "single_sign_on_not_invited") });
    open("/single-sign-on/tnt_1?state=ab&error=access_denied");
    expect((await screen.findByRole("alert")).textContent).toMatch(/has been invited/);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("link", { name: "Back to the sign-in" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeTruthy();
  });
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { administrator, me, noon } from "./samples";

const asked = (...methods: string[]) => ({ token: "tok", expires_at: noon, methods });
const app = { setup_key: "ABCDEFGHIJKLMNOP", address: "otpauth://totp/x", qr: { size: 21, path: "M0 0h7v1h-7z" } };
const codes = Array.from({ length: 10 }, (_, n) => `aaaa${n}-bbbbb`);
const passkey = { id: "psk_1", name: "Phone", created_at: noon, used_at: null };
const options = { token: "challenge", challenge: "Y2hhbGxlbmdl", rp_id: "localhost", allow: [], expires_at: noon };
const off = { app_since: null, recovery_codes_left: 0, required: false };
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const sent = (all: { asked: Asked[] }, path: string) =>
  all.asked.filter((one) => one.path === path && one.method !== "GET");

async function firstStep() {
  await screen.findByRole("heading", { name: "Sign in" });
  type("Work e-mail", "a@b.example");
  type("Password", "a good password");
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

/** A browser with a passkey. */
function withPasskey() {
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const response = { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, attestationObject: bytes };
  const credentials = {
    get: vi.fn(async () => ({ rawId: bytes, response })),
    create: vi.fn(async () => ({ rawId: bytes, response })),
  };
  vi.stubGlobal("PublicKeyCredential", class {});
  Object.defineProperty(navigator, "credentials", { value: credentials, configurable: true });
  return credentials;
}
afterEach(() => vi.unstubAllGlobals());

describe("the second step of a sign-in", () => {
  it("takes a code, says when it is wrong, and then opens the page that was wanted", async () => {
    const all = server({
      ...signedIn(),
      "GET /auth/sessions": { items: [] },
      "POST /auth/sessions": asked("app", "recovery_code"),
      "POST /auth/second-step": (one: Asked) =>
        (one.body as { code: string }).code === "123 456" ? me : new Refusal(422, "second_step_wrong", "code"),
    });
    const { router } = open("/sign-in?next=%2Fsessions");
    await firstStep();
    expect(await screen.findByRole("heading", { name: "Two-step verification" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("6-digit code", "000000");
    await press("Continue");
    expect((await screen.findByRole("alert")).textContent).toMatch(/^The code is wrong/);
    type("6-digit code", "123 456");
    await press("Continue");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    expect(router.state.location.pathname).toBe("/sessions");
    expect(sent(all, "/auth/second-step").map((one) => one.body)).toEqual([
      { token: "tok", code: "000000" },
      { token: "tok", code: "123 456" },
    ]);
  });

  it("takes a recovery code, and begins again when it took too long", async () => {
    server({
      "GET /me": new Refusal(401, "not_signed_in"),
      "POST /auth/sessions": asked("app", "recovery_code"),
      "POST /auth/second-step": (one: Asked) =>
        (one.body as { code: string }).code === "aaaa0-bbbbb"
          ? new Refusal(410, "second_step_over")
          : new Refusal(422, "second_step_wrong", "code"),
    });
    open("/sign-in");
    await firstStep();
    await press("Use a recovery code");
    type("Recovery code", "wrong");
    await press("Continue");
    expect((await screen.findByRole("alert")).textContent).toBe(
      "This recovery code is wrong or was used already; take a different one",
    );
    await press("Use the authenticator app");
    expect(screen.queryByRole("alert")).toBeNull();
    await press("Use a recovery code");
    type("Recovery code", "aaaa0-bbbbb");
    await press("Continue");
    expect((await screen.findByRole("alert")).textContent).toBe("The sign-in took too long; begin again");
    expect(screen.getByRole("heading", { name: "Sign in" })).toBeTruthy();
  });

  it("is set up where the company requires it, and the recovery codes are shown before the console opens", async () => {
    const all = server({
      ...signedIn(),
      "GET /auth/sessions": { items: [] },
      "POST /auth/sessions": asked(),
      "POST /auth/second-step/setup": app,
      "POST /auth/second-step/setup/confirm": { me, recovery_codes: codes },
    });
    const { router } = open("/sign-in?next=%2Fsessions");
    await firstStep();
    expect(await screen.findByRole("img", { name: "QR code for your authenticator app" })).toBeTruthy();
    expect(screen.getByText("ABCD EFGH IJKL MNOP")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("6-digit code", "123456");
    await press("Set up and continue");
    expect(within(await screen.findByRole("list", { name: "Recovery codes" })).getAllByRole("listitem")).toHaveLength(
      10,
    );
    expect(router.state.location.pathname).toBe("/sign-in");
    expect(await faults(document.body)).toEqual([]);
    await press("I have saved them; enter the console");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    expect(sent(all, "/auth/second-step/setup")).toHaveLength(1);
  });

  it("takes a passkey, which also signs in by itself", async () => {
    const credentials = withPasskey();
    const answer = {
      token: "challenge",
      id: "AQID",
      client_data: "AQID",
      authenticator_data: "AQID",
      signature: "AQID",
    };
    const all = server({
      ...signedIn(),
      "GET /auth/sessions": { items: [] },
      "POST /auth/sessions": asked("passkey"),
      "POST /auth/second-step/passkey-options": options,
      "POST /auth/second-step/passkey": new Refusal(422, "passkey_refused", "id"),
      "POST /auth/passkey-options": options,
      "POST /auth/passkey-sessions": me,
    });
    open("/sign-in?next=%2Fsessions");
    await firstStep();
    await press("Use a passkey");
    expect((await screen.findByRole("alert")).textContent).toBe("The passkey was not accepted; try again");
    expect(sent(all, "/auth/second-step/passkey")[0]?.body).toEqual({ token: "tok", passkey: answer });
    await press("Begin again");
    // Whoever decides against it is told nothing.
    credentials.get.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
    await press("Sign in with a passkey");
    await waitFor(() => expect(credentials.get).toHaveBeenCalledTimes(2));
    expect(screen.queryByRole("alert")).toBeNull();
    await press("Sign in with a passkey");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    expect(sent(all, "/auth/passkey-sessions").map((one) => one.body)).toEqual([answer]);
  });
});

describe("a forgotten password", () => {
  it("is asked for by mail, and the answer tells nobody who has an account", async () => {
    const all = server({
      "GET /me": new Refusal(401, "not_signed_in"),
      "GET /customer/puzzle": { puzzle: "1.a.b", bits: 4, expires_at: noon },
      "POST /auth/recoveries": null,
    });
    open("/sign-in");
    fireEvent.click(await screen.findByRole("link", { name: "Forgot your password?" }));
    await screen.findByRole("heading", { name: "Choose a new password" });
    expect(await faults(document.body)).toEqual([]);
    type("Work e-mail", " a@b.example ");
    await press("Send the link");
    expect(await screen.findByText(/^If an account has this address/)).toBeTruthy();
    expect(sent(all, "/auth/recoveries")[0]?.body).toMatchObject({ email: "a@b.example", lang: "en" });
  });
});

describe("the account page", () => {
  const page = {
    "GET /auth/sessions": { items: [] },
    "GET /me/second-step": off,
    "GET /me/passkeys": { items: [passkey] },
  };

  it("sets up two-step verification after a proof of who one is", async () => {
    let proved = false;
    const all = server({
      ...signedIn(),
      ...page,
      "GET /me/passkeys": { items: [] },
      "POST /me/second-step": () => (proved ? app : new Refusal(403, "proof_required")),
      "POST /me/proof": (one: Asked) => {
        proved = (one.body as { password?: string }).password === "a good password";
        return proved ? null : new Refusal(422, "password_wrong", "password");
      },
      "PUT /me/second-step": (one: Asked) =>
        (one.body as { code: string }).code === "123456"
          ? { recovery_codes: codes }
          : new Refusal(422, "second_step_wrong", "code"),
    });
    open("/sessions");
    await press("Set up two-step verification");
    const asks = await screen.findByRole("dialog", { name: "Is it you?" });
    expect(await faults(document.body)).toEqual([]);
    for (const password of ["wrong", "a good password"]) {
      fireEvent.change(within(asks).getByLabelText("Password"), { target: { value: password } });
      fireEvent.click(within(asks).getByRole("button", { name: "Continue" }));
      if (password === "wrong") await within(asks).findByText("The current password is wrong; type it again");
    }
    const dialog = await screen.findByRole("dialog", { name: "Set up two-step verification" });
    const code = within(dialog).getByLabelText("6-digit code");
    fireEvent.change(code, { target: { value: "000000" } });
    within(dialog).getByRole("button", { name: "Turn on" }).focus();
    fireEvent.click(within(dialog).getByRole("button", { name: "Turn on" }));
    await within(dialog).findByText(/^The code is wrong/);
    expect(document.activeElement).toBe(code);
    fireEvent.change(code, { target: { value: "123456" } });
    all.answers["GET /me/second-step"] = { app_since: noon, recovery_codes_left: 10, required: false };
    fireEvent.click(within(dialog).getByRole("button", { name: "Turn on" }));
    const shown = await screen.findByRole("dialog", { name: "Your recovery codes" });
    expect(within(shown).getAllByRole("listitem")).toHaveLength(10);
    expect(await screen.findByText("10 recovery codes left")).toBeTruthy();
    expect(sent(all, "/me/second-step").map((one) => one.method)).toEqual(["POST", "POST", "PUT", "PUT"]);
  });

  it("adds, names and removes passkeys", async () => {
    withPasskey();
    const all = server({
      ...signedIn(),
      ...page,
      "POST /me/passkeys/options": {
        ...options,
        rp_name: "x",
        user_id: "AQ",
        user_name: "a",
        user_display_name: "a",
        algorithms: [-7],
        exclude: [],
      },
      "POST /me/passkeys": passkey,
      "PATCH /me/passkeys/psk_1": { ...passkey, name: "Old phone" },
      "DELETE /me/passkeys/psk_1": new Refusal(409, "second_step_required"),
    });
    open("/sessions");
    await press("Add a passkey");
    expect(await screen.findByText("Passkey added")).toBeTruthy();
    expect(sent(all, "/me/passkeys")[0]?.body).toMatchObject({ token: "challenge", id: "AQID", attestation: "AQID" });
    await press("Rename Phone");
    const dialog = await screen.findByRole("dialog", { name: "Rename" });
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "Old phone" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent(all, "/me/passkeys/psk_1")[0]?.body).toEqual({ name: "Old phone" }));
    expect(await faults(document.body)).toEqual([]);
  });
});

const addressRules = (...staff_allowed: string[]) => ({
  rules: { staff_allowed, staff_denied: [], visitors_denied: [] },
  your_address: "203.0.113.7",
});

describe("what a company requires of a sign-in", () => {
  it("is chosen by role", async () => {
    const all = server({
      ...signedIn(administrator),
      "GET /sign-in-rules": { second_step_for: ["administrator"] },
      "GET /address-rules": addressRules(),
      "PUT /sign-in-rules": { second_step_for: ["administrator", "agent"] },
    });
    open("/settings/sign-in");
    const agent = await screen.findByRole("checkbox", { name: "Agent" });
    expect((screen.getByRole("checkbox", { name: "Administrator" }) as HTMLInputElement).checked).toBe(true);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(agent);
    await waitFor(() =>
      expect(sent(all, "/sign-in-rules")[0]?.body).toEqual({ second_step_for: ["administrator", "agent"] }),
    );
  });

  it("is an address from the ranges that are listed, and never keeps out whoever lists them", async () => {
    const set = [new Refusal(422, "invalid_value", "visitors_denied[0]"), new Refusal(409, "locks_you_out")];
    const all = server({
      ...signedIn(administrator),
      "GET /sign-in-rules": { second_step_for: [] },
      "GET /address-rules": addressRules("203.0.113.0/24"),
      "PUT /address-rules": () => set.shift() ?? addressRules("203.0.113.7/32", "2001:db8::/32"),
    });
    open("/settings/sign-in");
    const allowed = await screen.findByLabelText("Staff sign in only from");
    expect((allowed as HTMLTextAreaElement).value).toBe("203.0.113.0/24");
    expect(screen.getByText(/You are at 203\.0\.113\.7/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(allowed, { target: { value: " 203.0.113.7\n\n2001:db8::/32" } });
    await press("Save");
    expect(await screen.findByText(/^Enter ranges such as/)).toBeTruthy();
    await press("Save");
    expect(await screen.findByText(/you could no longer use the console/)).toBeTruthy();
    await press("Save");
    await screen.findByText("Saved, in effect now");
    expect(sent(all, "/address-rules").at(-1)?.body).toEqual({
      staff_allowed: ["203.0.113.7", "2001:db8::/32"],
      staff_denied: [],
      visitors_denied: [],
    });
  });
});

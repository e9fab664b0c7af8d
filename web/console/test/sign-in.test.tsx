import { fireEvent, screen, waitFor } from "@testing-library/react";
import { solve } from "@yingda/api/puzzle";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { me, noon } from "./samples";

const fill = (email: string, password: string) => {
  fireEvent.change(screen.getByLabelText("Work e-mail"), { target: { value: email } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: password } });
  // Without animations, the busy indicator stays in the button's name.
  fireEvent.click(screen.getByRole("button", { name: /Sign in$/ }));
};

describe("sign-in", () => {
  it("is where a stranger lands, and is accessible", async () => {
    server({ "GET /me": new Refusal(401, "not_signed_in") });
    const { router } = open("/inbox");
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeTruthy();
    expect(router.state.location.search).toEqual({ next: "/inbox" });
    expect(await faults(document.body)).toEqual([]);
  });

  it("says one message for a wrong address and a wrong password", async () => {
    server({ "GET /me": new Refusal(401, "not_signed_in"), "POST /auth/sessions": new Refusal(401, "sign_in_failed") });
    open("/sign-in");
    await screen.findByRole("heading", { name: "Sign in" });
    fill("a@b.example", "not this one");
    expect((await screen.findByRole("alert")).textContent).toBe("E-mail or password is wrong");
  });

  it("says whose console it is", async () => {
    const tenant = { zh: "临空通信", en: "Linkong Telecom" };
    server({
      "GET /me": new Refusal(401, "not_signed_in"),
      "GET /hall": { site: "linkong", tenant, side: "end", goods: 0, plans: 0 },
    });
    open("/sign-in");
    expect((await screen.findByText("Linkong Telecom")).className).toBe("signin-company");
  });

  it("shows what is typed when asked, and keeps the focus where it was", async () => {
    server({ "GET /me": new Refusal(401, "not_signed_in") });
    open("/sign-in");
    const field = (await screen.findByLabelText("Password")) as HTMLInputElement;
    const show = screen.getByRole("button", { name: "Show password" });
    expect([field.type, show.getAttribute("aria-pressed")]).toEqual(["password", "false"]);
    fireEvent.click(show);
    expect([field.type, show.getAttribute("aria-pressed")]).toEqual(["text", "true"]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("takes one press while it works, and keeps its name", async () => {
    let free = () => {};
    const asked = server({
      "GET /me": new Refusal(401, "not_signed_in"),
      "POST /auth/sessions": () =>
        new Promise((resolve) => {
          free = () => resolve(new Refusal(401, "sign_in_failed"));
        }),
    });
    open("/sign-in");
    await screen.findByRole("heading", { name: "Sign in" });
    fill("a@b.example", "a good password");
    const press = screen.getByRole("button", { name: "Sign in" });
    await waitFor(() => expect(press.getAttribute("aria-disabled")).toBe("true"));
    fireEvent.click(press);
    expect(asked.asked.filter((one) => one.method === "POST")).toHaveLength(1);
    free();
    await screen.findByRole("alert");
    expect(press.getAttribute("aria-disabled")).toBeNull();
  });

  it("counts the wait down in words and takes no press meanwhile", async () => {
    server({
      "GET /me": new Refusal(401, "not_signed_in"),
      "POST /auth/sessions": new Refusal(429, "too_many_requests", undefined, { "retry-after": "300" }),
    });
    open("/sign-in");
    await screen.findByRole("heading", { name: "Sign in" });
    fill("a@b.example", "not this one");
    expect((await screen.findByRole("timer")).textContent).toMatch(/Try again in 5 minutes/);
    expect((screen.getByRole("button", { name: /Sign in/ }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("solves the puzzle that the server wants, without a word", async () => {
    const asked = server({
      ...signedIn(),
      "GET /auth/sessions": { items: [] },
      "GET /customer/puzzle": { puzzle: "1.a.b", bits: 4, expires_at: noon },
      "POST /auth/sessions": (one: Asked) =>
        (one.body as { proof?: unknown }).proof === undefined ? new Refusal(428, "puzzle_required") : me,
    });
    const { router } = open("/sign-in?next=%2Fsessions");
    await screen.findByRole("heading", { name: "Sign in" });
    fill("a@b.example", "a good password");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    expect(router.state.location.pathname).toBe("/sessions");
    const sent = asked.asked
      .filter((one) => one.method === "POST")
      .map((one) => one.body as { email: string; proof?: { puzzle: string; solution: string } });
    expect(sent.map((one) => one.email)).toEqual(["a@b.example", "a@b.example"]);
    expect(sent[1]?.proof).toEqual({ puzzle: "1.a.b", solution: await solve("1.a.b", 4) });
  });

  it("leads to the page that was wanted", async () => {
    const asked = server({ ...signedIn(), "POST /auth/sessions": me, "GET /auth/sessions": { items: [] } });
    const { router } = open("/sign-in?next=%2Fsessions");
    await screen.findByRole("heading", { name: "Sign in" });
    fill(" a@b.example ", "a good password");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    expect(router.state.location.pathname).toBe("/sessions");
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({
      email: "a@b.example",
      password: "a good password",
    });
  });
});

describe("a one-time link", () => {
  const link = { name: "沈知微", email: me.email, role: "agent", role_name: null, needs_password: true };

  it("sets the password on first use", async () => {
    location.hash = "#tok";
    const asked = server({ ...signedIn(), "POST /auth/links/inspect": link, "POST /auth/links/redeem": me });
    open("/welcome");
    const field = await screen.findByLabelText("Choose a password");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(field, { target: { value: "short" } });
    fireEvent.click(screen.getByRole("button", { name: "Set password and enter" }));
    expect(await screen.findByText("At least 10 characters")).toBeTruthy();
    expect(asked.asked.some((one) => one.path === "/auth/links/redeem")).toBe(false);
    fireEvent.change(field, { target: { value: "long enough now" } });
    fireEvent.click(screen.getByRole("button", { name: "Set password and enter" }));
    await waitFor(() =>
      expect(asked.asked.find((one) => one.path === "/auth/links/redeem")?.body).toEqual({
        token: "tok",
        password: "long enough now",
      }),
    );
  });

  it("needs one press afterwards", async () => {
    location.hash = "#tok";
    const asked = server({
      ...signedIn(),
      "POST /auth/links/inspect": { ...link, needs_password: false },
      "POST /auth/links/redeem": me,
    });
    open("/welcome");
    fireEvent.click(await screen.findByRole("button", { name: "Enter the console" }));
    await waitFor(() =>
      expect(asked.asked.find((one) => one.path === "/auth/links/redeem")?.body).toEqual({ token: "tok" }),
    );
  });

  it("says why it cannot be used", async () => {
    location.hash = "#tok";
    server({ "POST /auth/links/inspect": new Refusal(410, "link_spent") });
    open("/welcome");
    expect((await screen.findByRole("alert")).textContent).toMatch(/has already been used/);
  });
});

describe("sessions", () => {
  it("show that they are being loaded, and nothing but the reason when that failed", async () => {
    let fail = () => undefined as unknown;
    server({
      ...signedIn(),
      "GET /me/second-step": () => new Promise(() => undefined),
      "GET /auth/sessions": () => new Promise((done) => (fail = () => done(new Refusal(422, "internal")))),
    });
    open("/sessions");
    await screen.findByRole("heading", { name: "Signed-in devices" });
    await waitFor(() => expect(screen.getAllByRole("status", { name: /^Loading/ })).toHaveLength(2));
    fail();
    await waitFor(() => expect(screen.getAllByRole("status", { name: /^Loading/ })).toHaveLength(1));
    expect(document.querySelector(".session-list")).toBeNull();
  });

  it("lists devices and signs out another", async () => {
    const all = server({
      ...signedIn(),
      "DELETE /auth/sessions/ses_2": null,
      "GET /auth/sessions": {
        items: [
          {
            id: "ses_1",
            created_at: 1,
            last_seen_at: 2,
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537",
            current: true,
          },
          {
            id: "ses_2",
            created_at: 1,
            last_seen_at: 2,
            user_agent: "Mozilla/5.0 (iPhone) Version/18 Safari/605",
            current: false,
          },
        ],
      },
    });
    open("/sessions");
    expect(await screen.findByText("Safari on iPhone")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    expect(screen.getAllByRole("button", { name: "Sign out" })).toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
    await waitFor(() =>
      expect(all.asked.some((one) => one.method === "DELETE" && one.path === "/auth/sessions/ses_2")).toBe(true),
    );
    expect(await screen.findByText("That device is signed out")).toBeTruthy();
  });
});

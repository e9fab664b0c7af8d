import { fireEvent, screen, waitFor } from "@testing-library/react";
import { solve } from "@yingda/api/puzzle";
import { afterEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { suggestedSlug } from "../src/open-company/slug";
import { open, Refusal, server, signedIn } from "./render";
import { me, noon } from "./samples";

const below = "https://yingda.example/o/";
const offered = {
  "GET /me": new Refusal(401, "not_signed_in"),
  "GET /company-openings": { offered: true, below },
  "GET /customer/puzzle": { puzzle: "1.a.b", bits: 4, expires_at: noon },
  "POST /company-openings": () => ({ handle: "sealed", expires_at: Date.now() + 30 * 60_000 }),
};
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name: new RegExp(`${name}$`) }));
const faultOf = (label: string) => {
  const field = screen.getByLabelText(label);
  return (
    field.getAttribute("aria-invalid") && document.getElementById(field.getAttribute("aria-describedby")!)?.textContent
  );
};
async function askForCode(email = "noor@muyu.example") {
  await screen.findByLabelText("Work e-mail");
  type("Work e-mail", email);
  press("Send the code");
  await screen.findByLabelText("6-digit code");
}

afterEach(() => vi.unstubAllGlobals());

describe("opening a company", () => {
  it("is offered beside the sign-in where the installation lets anybody", async () => {
    server(offered);
    open("/sign-in");
    fireEvent.click(await screen.findByRole("link", { name: "Open a company" }));
    expect(await screen.findByRole("heading", { name: "Open a company" })).toBeTruthy();
    await screen.findByLabelText("Work e-mail");
    expect(screen.queryByText("Accounts are by invitation only")).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("is left to whoever runs the installation elsewhere", async () => {
    server({ ...offered, "GET /company-openings": { offered: false, below } });
    const { router } = open("/open");
    expect(await screen.findByText(/opened by whoever runs the installation/)).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
    await router.navigate({ to: "/sign-in", search: {} });
    await screen.findByRole("heading", { name: "Sign in" });
    expect(screen.queryByRole("link", { name: "Open a company" })).toBeNull();
  });

  it("takes an address, the code and a name, and leads to the first steps", async () => {
    const { asked } = server({
      ...offered,
      "POST /company-openings/confirm": { company: "tnt_2", link: `${below}muyu/console/welcome#secret` },
    });
    open("/open");
    await askForCode(" noor@muyu.example ");
    expect(asked.find(({ path, method }) => path === "/company-openings" && method === "POST")?.body).toEqual({
      email: "noor@muyu.example",
      lang: "en",
      proof: { puzzle: "1.a.b", solution: await solve("1.a.b", 4) },
    });
    expect(screen.getByText(/on its way to noor@muyu.example. It works for 30 minutes/)).toBeTruthy();
    const address = () =>
      document.getElementById(screen.getByLabelText("Short name").getAttribute("aria-describedby")!);
    expect(address()?.textContent).toBe(`Your address: ${below}muyu`);
    type("Company name", "Müyu & Söhne");
    expect(address()?.textContent).toBe(`Your address: ${below}muyu-sohne`);
    type("Short name", "Muyu Home");
    type("Company name", "木屿家居");
    expect(address()?.textContent).toBe(`Your address: ${below}muyu-home`);
    type("6-digit code", "123456");
    expect(await faults(document.body)).toEqual([]);
    const assign = vi.fn();
    vi.stubGlobal("location", { href: "http://localhost/console/open", assign });
    press("Open the company");
    await waitFor(() =>
      expect(assign).toHaveBeenCalledWith(`${below}muyu/console/welcome?next=%2Fsettings%2Fstart#secret`),
    );
    expect(asked.find(({ path }) => path === "/company-openings/confirm")?.body).toEqual({
      handle: "sealed",
      code: "123456",
      name: "木屿家居",
      slug: "muyu-home",
    });
  });

  it("says at each field what is wrong with it, and keeps what was typed when another code is sent", async () => {
    const all = server({ ...offered });
    open("/open");
    await askForCode("noor@gmail.com");
    press("Open the company");
    expect(faultOf("6-digit code")).toBe("Enter the code from the e-mail");
    expect(faultOf("Company name")).toBe("Enter the name of your company");
    expect(faultOf("Short name")).toMatch(/^2 to 40 characters/);
    expect(document.activeElement).toBe(screen.getByLabelText("6-digit code"));
    expect(await faults(document.body)).toEqual([]);
    type("6-digit code", "111111");
    type("Company name", "Muyu");
    for (const [refusal, label, words] of [
      [new Refusal(409, "company_slug_taken", "slug"), "Short name", /Another company has this short name/],
      [new Refusal(422, "name_deceptive", "name"), "Company name", /look-alike letters/],
      [new Refusal(422, "code_wrong", "code"), "6-digit code", /The code is wrong/],
      [new Refusal(410, "code_expired"), "6-digit code", /has expired or was used/],
    ] as const) {
      all.answers["POST /company-openings/confirm"] = refusal;
      press("Open the company");
      await waitFor(() => expect(faultOf(label)).toMatch(words));
      expect(document.activeElement).toBe(screen.getByLabelText(label));
    }
    press("Use a different address, or have a new code sent");
    expect((screen.getByLabelText("Work e-mail") as HTMLInputElement).value).toBe("noor@gmail.com");
    all.answers["POST /company-openings"] = new Refusal(422, "email_invalid", "email");
    press("Send the code");
    await waitFor(() => expect(faultOf("Work e-mail")).toMatch(/not an e-mail address/));
    all.answers["POST /company-openings"] = offered["POST /company-openings"];
    await askForCode("noor@muyu.example");
    expect((screen.getByLabelText("Company name") as HTMLInputElement).value).toBe("Muyu");
  });

  it("says how long to wait after too many tries", async () => {
    server({
      ...offered,
      "POST /company-openings": new Refusal(429, "too_many_requests", undefined, { "retry-after": "300" }),
    });
    open("/open");
    await screen.findByLabelText("Work e-mail");
    type("Work e-mail", "noor@muyu.example");
    press("Send the code");
    expect((await screen.findByRole("timer")).textContent).toMatch(/Try again in 5 minutes/);
  });

  it("goes on where the link says, once the password is chosen", async () => {
    location.hash = "#tok";
    server({
      ...signedIn(),
      "POST /auth/links/inspect": {
        name: "noor",
        email: me.email,
        role: "administrator",
        role_name: null,
        needs_password: false,
      },
      "POST /auth/links/redeem": me,
      "GET /auth/sessions": { items: [] },
    });
    const { router } = open("/welcome?next=%2Fsessions");
    fireEvent.click(await screen.findByRole("button", { name: "Enter the console" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/sessions"));
  });

  it.each([
    ["Muyu Home", "noor@shop.example", "muyu-home"],
    ["木屿家居", "noor@muyu.example", "muyu"],
    ["木屿家居", "noor@mail.muyu.example", "muyu"],
    ["木屿家居", "noor@qq.com", ""],
    ["Ｏ'Ｎeill’s Café ", "", "oneills-cafe"],
    ["A", "a@b.example", ""],
    ["x".repeat(60), "", "x".repeat(40)],
  ])("suggests a short name for %s and %s", (name, email, slug) => {
    expect(suggestedSlug(name, email)).toBe(slug);
  });
});

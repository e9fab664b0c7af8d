import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { InstallationHealth, OperatedCompany } from "@yingda/api/types";
import { afterEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server } from "./render";
import { noon } from "./samples";

const muyu: OperatedCompany = {
  id: "tnt_1",
  slug: "muyu",
  name: { zh: "木屿家居", en: "Muyu Home" },
  url: "https://yingda.example/o/muyu",
  created_at: noon,
  suspended_at: null,
  limits: { seats: 10, sites: 2, daily_messages: null, daily_texts: null, storage: 10 * 1024 * 1024 },
  used: { seats: 8, sites: 2, daily_messages: 1234, daily_texts: 0, storage: 1024 * 1024 },
  visitors: 3,
};
const health: InstallationHealth = {
  version: "0.2.0",
  since: noon,
  engine: "sqlite",
  nodes: 1,
  redis: null,
  companies: 1,
  suspended: 0,
  connections: 12,
  feed_lag_ms: 0,
  busy: 0,
  failed: 0,
  jobs: [{ kind: "letter", waiting: 0, dead: 2, oldest_at: null }],
  backup: null,
  failed_backup: null,
};
const page = (...items: OperatedCompany[]) => ({ items, next: null });
const inside = {
  "GET /operator/sessions/current": { expires_at: noon },
  "GET /operator/companies": page(muyu),
  "GET /operator/health": health,
};
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole("button", { name }));

afterEach(() => vi.unstubAllGlobals());

describe("the pages of whoever runs the installation", () => {
  it("take a link with a press, and say how to make one without", async () => {
    const signedOut = { "GET /operator/sessions/current": new Refusal(401, "not_signed_in") };
    server(signedOut);
    const first = open("/operator");
    expect(await screen.findByText("yingda operator sign-in-link")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Sign in" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    first.unmount();
    location.hash = "#secret";
    const { asked, answers } = server({ ...signedOut, "POST /operator/sessions": new Refusal(410, "link_spent") });
    open("/operator");
    await press("Sign in");
    expect((await screen.findByRole("alert")).textContent).toMatch(/already been used/);
    expect(asked.find((one) => one.method === "POST")?.body).toEqual({ token: "secret" });
    Object.assign(answers, { ...inside, "POST /operator/sessions": { expires_at: noon } });
    await press("Sign in");
    expect(await screen.findByRole("row", { name: /Muyu Home/ })).toBeTruthy();
    expect(location.hash).toBe("");
  });

  it("are at the main address only", async () => {
    server({ "GET /operator/sessions/current": new Refusal(404, "not_found") });
    open("/operator");
    expect(await screen.findByText(/from its main address/)).toBeTruthy();
    expect(screen.queryByText("yingda operator sign-in-link")).toBeNull();
  });

  it("list the companies with what they use, and how the installation is doing", async () => {
    server(inside);
    open("/operator");
    const row = await screen.findByRole("row", { name: /Muyu Home/ });
    expect(within(row).getByText("8 of 10, nearly used up")).toBeTruthy();
    expect(within(row).getByText("2 of 2, used up")).toBeTruthy();
    expect(within(row).getByText("1 MB of 10 MB")).toBeTruthy();
    expect(within(row).getByText("1,234")).toBeTruthy();
    expect(within(row).getAllByRole("progressbar")).toHaveLength(3);
    const card = await screen.findByRole("region", { name: "Health" });
    expect(within(card).getByText("SQLite")).toBeTruthy();
    expect(within(card).getByText("None yet")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("say when the last backup was made, and that a later one failed and why", async () => {
    const backup = { begun_at: noon, ended_at: noon, bytes: 3 * 1024 * 1024, is_sealed: true, place: "/backups/a" };
    const failed_backup = { at: noon, why: "the disk is full" };
    server({ ...inside, "GET /operator/health": { ...health, backup, failed_backup } });
    open("/operator");
    const card = await screen.findByRole("region", { name: "Health" });
    expect(await within(card).findByText(/3 MB, encrypted/)).toBeTruthy();
    expect(within(card).getByText("/backups/a")).toBeTruthy();
    expect(within(card).getByText("the disk is full").className).toContain("operator-bad");
    expect(await faults(document.body)).toEqual([]);
  });

  it("search, and offer all companies where none fits", async () => {
    const { asked, answers } = server(inside);
    const { router } = open("/operator?show=suspended");
    await screen.findByRole("row", { name: /Muyu Home/ });
    answers["GET /operator/companies"] = page();
    expect(asked.find((one) => one.path === "/operator/companies")?.query.get("suspended")).toBe("true");
    fireEvent.change(screen.getByLabelText("Search companies"), { target: { value: "nobody" } });
    await screen.findByText("No company fits");
    expect(asked.at(-1)?.query.get("search")).toBe("nobody");
    answers["GET /operator/companies"] = page(muyu);
    await press("Show all companies");
    expect(await screen.findByRole("row", { name: /Muyu Home/ })).toBeTruthy();
    expect(router.state.location.search).toEqual({});
  });

  it("suspend after a question, and undo it", async () => {
    const { asked } = server({
      ...inside,
      "PUT /operator/companies/tnt_1/suspension": ({ body }: { body: { suspended: boolean } }) => ({
        ...muyu,
        suspended_at: body.suspended ? noon : null,
      }),
    });
    open("/operator");
    await press("Suspend Muyu Home");
    expect(await screen.findByText("Suspend Muyu Home?")).toBeTruthy();
    expect(asked.some((one) => one.method === "PUT")).toBe(false);
    await press("Suspend");
    await screen.findByText("Muyu Home is suspended");
    await press("Undo");
    await waitFor(() =>
      expect(asked.filter((one) => one.method === "PUT").map((one) => one.body)).toEqual([
        { suspended: true },
        { suspended: false },
      ]),
    );
  });

  it("set limits: only what was changed is sent, and what is no limit is told beside its field", async () => {
    const { asked } = server({ ...inside, "PATCH /operator/companies/tnt_1/limits": muyu });
    open("/operator");
    await press("Limits of Muyu Home");
    const dialog = await screen.findByRole("dialog");
    const field = (name: string) => within(dialog).getByLabelText<HTMLInputElement>(name);
    expect(field("Files, in MB").value).toBe("10");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(field("Sites"), { target: { value: "many" } });
    await press("Save");
    expect(field("Sites").getAttribute("aria-invalid")).toBe("true");
    expect(asked.some((one) => one.method === "PATCH")).toBe(false);
    fireEvent.change(field("Sites"), { target: { value: "５" } });
    fireEvent.change(field("Files, in MB"), { target: { value: "" } });
    await press("Save");
    await screen.findByText("The limits of Muyu Home are saved");
    expect(asked.find((one) => one.method === "PATCH")?.body).toEqual({ sites: 5, storage: null });
  });

  it("say what went wrong, and lead out whoever is signed out", async () => {
    const { answers } = server({ ...inside, "GET /operator/companies": new Refusal(500, "internal") });
    open("/operator");
    expect(await screen.findByText("Server error")).toBeTruthy();
    answers["DELETE /operator/sessions/current"] = () => {
      answers["GET /operator/sessions/current"] = new Refusal(401, "not_signed_in");
      return null;
    };
    await press("Sign out");
    expect(await screen.findByText("yingda operator sign-in-link")).toBeTruthy();
  });
});

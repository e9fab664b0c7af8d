import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { AuditEntry } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import document_ from "../../../docs/openapi.json";
import { actOf } from "../src/audit/acts";
import { asQuery, auditSearch } from "../src/audit/search";
import { beginningOf } from "../src/lib/zone";
import { open, Refusal, server, signedIn } from "./render";
import { administrator, manager, noon } from "./samples";
import { words } from "./sources";

const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  seq: 7,
  at: noon,
  by: { kind: "staff", id: "agt_9", name: "江棠" },
  operation: "PATCH /api/v1/staff/{id}",
  path: "/api/v1/staff/agt_1",
  object: "agt_1",
  refused: null,
  from: { address: "203.0.113.7", browser: "Firefox" },
  changes: [{ field: "role", before: "agent", after: "manager" }],
  request: { role: "manager", seen: 3 },
  altered: false,
  ...change,
});
const tried = entry({
  seq: 6,
  operation: "POST /api/v1/auth/sessions",
  by: { kind: "unknown", id: null, name: null },
  refused: { code: "sign_in_failed", times: 4 },
  changes: [],
  request: null,
});
const command = entry({
  seq: 5,
  operation: "yingda admin add-staff",
  path: "",
  by: { kind: "terminal", id: null, name: null },
  from: null,
  changes: [],
});
const altered = entry({ seq: 4, altered: true, changes: [], request: null, from: null });
const choices = { people: [{ id: "agt_9", name: "江棠" }], operations: ["PATCH /api/v1/staff/{id}"] };
const answers = {
  ...signedIn(administrator),
  "GET /audit": { items: [entry({}), tried, command, altered], next: null },
  "GET /audit/choices": choices,
  "GET /audit/retention": { kept_days: null, deleted_until: noon },
};

describe("the audit", () => {
  it("says who did what, from where, and what it changed", async () => {
    server(answers);
    open("/settings/audit");
    const row = (await screen.findByRole("button", { name: /^Changed a member of the staff\s*entry 7$/ })).closest(
      "tr",
    )!;
    expect(within(row).getByText("Role: agent → manager")).toBeTruthy();
    expect(within(row).getByText("江棠")).toBeTruthy();
    expect(screen.getByText("Wrong sign-in, 4 tries")).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Added a member of the staff/ })).toBeTruthy();
    expect(screen.getByText("Altered entry")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Export" }).getAttribute("href")).toBe("/api/v1/audit/export.csv");
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows an act whole, and what else was done by the person or to the object", async () => {
    const asked = server(answers);
    open("/settings/audit");
    fireEvent.click(await screen.findByRole("button", { name: /entry 7$/ }));
    const dialog = await screen.findByRole("dialog", { name: "Changed a member of the staff" });
    expect(dialog.querySelector("del")?.textContent).toBe("agent");
    expect(dialog.querySelector("ins")?.textContent).toBe("manager");
    for (const text of ["203.0.113.7", "Firefox", "PATCH /api/v1/staff/agt_1"])
      expect(within(dialog).getByText(text)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Only this object" }));
    await waitFor(() => expect(asked.asked.at(-1)?.query.get("object")).toBe("agt_1"));
  });

  it("is searched by person, act, object and time, and says when nothing fits", async () => {
    const asked = server(answers);
    open("/settings/audit?object=grp_1&from=2026-11-20&to=2026-11-20");
    await screen.findByRole("button", { name: /entry 7$/ });
    const first = asked.asked.find((one) => one.path === "/audit")!.query;
    expect(Object.fromEntries(first)).toEqual({
      object: "grp_1",
      from: String(Date.UTC(2026, 10, 19, 16)),
      to: String(Date.UTC(2026, 10, 20, 16)),
    });
    asked.answers["GET /audit"] = { items: [], next: null };
    fireEvent.change(await screen.findByLabelText("Person"), { target: { value: "agt_9" } });
    expect(await screen.findByText("Nothing fits this search")).toBeTruthy();
    expect(
      asked.asked
        .filter((one) => one.path === "/audit")
        .at(-1)
        ?.query.get("person"),
    ).toBe("agt_9");
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    expect(await screen.findByText(/^Nothing is noted yet/)).toBeTruthy();
  });

  it("says why it cannot be loaded, and is not offered to those who may not see it", async () => {
    server({ ...answers, "GET /audit": new Refusal(503, "busy") });
    open("/settings/audit");
    expect(await screen.findByRole("button", { name: "Try again" })).toBeTruthy();
    expect(manager.permissions.includes("audit")).toBe(false);
  });

  it("takes days as they begin in the company's time zone, also where clocks change", () => {
    expect(beginningOf("2026-11-20", "Asia/Shanghai")).toBe(Date.UTC(2026, 10, 19, 16));
    expect(beginningOf("2026-03-29", "Europe/Berlin")).toBe(Date.UTC(2026, 2, 28, 23));
    expect(beginningOf("2026-03-29", "Europe/Berlin", 1)).toBe(Date.UTC(2026, 2, 29, 22));
    expect(asQuery({ object: "x" }, "UTC")).toEqual({ object: "x" });
    expect(auditSearch({ from: "soon", to: "2026-11-20", object: "", person: 3 })).toEqual({ to: "2026-11-20" });
  });

  it("says why somebody who was not signed in was refused", async () => {
    const finish = { operation: "POST /api/v1/auth/single-sign-on/finish", path: "/api/v1/auth/single-sign-on/finish" };
    const quiet = { object: null, changes: [], by: { kind: "unknown", id: null, name: null } as const };
    const said = [
      entry({ ...quiet, ...finish, seq: 3, refused: { code: "single_sign_on_not_invited", times: 1 } }),
      entry({ ...quiet, operation: "token.refused", seq: 2, refused: { code: "token_revoked", times: 12 } }),
      entry({
        ...quiet,
        operation: "POST /api/v1/widget/sessions",
        seq: 1,
        refused: { code: "identity_replayed", times: 1 },
      }),
    ];
    server({ ...answers, "GET /audit": { items: said, next: null } });
    open("/settings/audit");
    expect(await screen.findByRole("button", { name: /^Signed in with single sign-on/ })).toBeTruthy();
    expect(screen.getByText("Nobody with this address was invited")).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Refused a token/ })).toBeTruthy();
    expect(screen.getByText("Revoked, 12 tries")).toBeTruthy();
    expect(screen.getByText("The token was used before")).toBeTruthy();
  });

  it("says until when entries were deleted, and asks before they are kept for less time", async () => {
    const asked = server({ ...answers, "PUT /audit/retention": { kept_days: 366, deleted_until: noon } });
    open("/settings/audit");
    expect(await screen.findByText(/^Entries until .+ were deleted under the retention rule\.$/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Keep entries"), { target: { value: "366" } });
    const question = screen.getByRole("group", { name: "Keep entries for 1 year only?" });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(question).getByRole("button", { name: "Keep for less time" }));
    await waitFor(() => expect(asked.asked.find((one) => one.method === "PUT")?.body).toEqual({ kept_days: 366 }));
  });

  it("says by which steps somebody signed in", async () => {
    const came = entry({
      operation: "POST /api/v1/auth/second-step",
      object: null,
      changes: [],
      request: { steps: ["password", "recovery_code"] },
    });
    server({ ...answers, "GET /audit": { items: [came], next: null } });
    open("/settings/audit");
    fireEvent.click(await screen.findByRole("button", { name: /^Signed in with a code as the second step/ }));
    const dialog = await screen.findByRole("dialog", { name: "Signed in with a code as the second step" });
    expect(within(dialog).getByText("password, then recovery code")).toBeTruthy();
  });

  it("has words for everything that the audit notes", () => {
    const known = words("console", "en");
    const unknown: string[] = [];
    // Looks, begins or is a state of the moment: it changes nothing that the audit keeps.
    const quiet = [
      "PUT /api/v1/me/state",
      "POST /api/v1/response-times",
      "POST /api/v1/auth/links/inspect",
      "POST /api/v1/auth/passkey-options",
      "POST /api/v1/auth/second-step/passkey-options",
      "POST /api/v1/auth/second-step/setup",
      "POST /api/v1/auth/single-sign-on",
    ];
    const verbs = ["post", "put", "patch", "delete"] as const;
    for (const [path, item] of Object.entries(
      document_.paths as Record<string, Record<string, { security?: object[] }>>,
    ))
      for (const verb of verbs) {
        const isOfStaff = path.startsWith("/api/v1/auth/") || item[verb]?.security?.some((one) => "staff" in one);
        const operation = `${verb.toUpperCase()} ${path}`;
        if (!item[verb] || !isOfStaff || quiet.includes(operation)) continue;
        const act = actOf(operation);
        if (!act || !known.has(`audit.thing.${act.thing}`) || !known.has(`audit.verb.${act.verb}`))
          unknown.push(operation);
      }
    for (const operation of [
      "POST /api/v1/auth/single-sign-on/finish",
      "POST /api/v1/widget/sessions",
      "PUT /api/v1/widget/recommendations",
      "PUT /api/v1/widget/consents",
      "PUT /api/v1/customer/consents",
      "POST /api/v1/customer/registrations/confirm",
      "POST /api/v1/customer/sessions",
      "DELETE /api/v1/customer/sessions/current",
      "DELETE /api/v1/customer/sessions/{id}",
      "POST /api/v1/customer/recoveries/redeem",
      "POST /api/v1/customer/identifiers/confirm",
      "PUT /api/v1/customer/password",
      "PATCH /api/v1/customer",
      "token.refused",
      "yingda token create",
      "yingda token revoke",
      "GET /api/v1/goods-export",
      "GET /api/v1/metrics/{key}/conversations",
      "GET /api/v1/audit",
    ])
      if (!known.has(`audit.thing.${actOf(operation)?.thing}`) || !known.has(`audit.verb.${actOf(operation)?.verb}`))
        unknown.push(operation);
    expect(unknown).toEqual([]);
    expect(actOf("GET /api/v1/knowledge/synonyms-export.csv")).toEqual({ verb: "export", thing: "synonyms" });
    expect(actOf("POST /api/v1/goods-imports/{id}/apply")).toEqual({ verb: "apply", thing: "goods-imports" });
  });
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Member } from "@yingda/api/types";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, server, signedIn, type Asked } from "./render";
import { administrator, noon } from "./samples";

const ada: Member = {
  id: "agt_a",
  email: "ada@x.example",
  name: "Ada",
  number: "0317",
  role: "agent",
  group: null,
  department: null,
  queues: [],
  capacity: 5,
  open: 2,
  status: "active",
  state: "available",
  state_since: noon,
  online: true,
  last_seen_at: noon,
  link_until: null,
  removed_at: null,
  may_change: true,
  created_at: noon,
  updated_at: 7,
};
const none = { items: [], next: null };
const house = {
  ...signedIn(administrator),
  "GET /staff": { items: [ada], next: null },
  "GET /groups": none,
  "GET /departments": none,
  "GET /queues": none,
};
const line = (at: number, email: string, outcome: string, change: object = {}) => ({
  line: at,
  email,
  name: email.split("@")[0],
  number: null,
  role: null,
  group: null,
  department: null,
  outcome,
  faults: [],
  ...change,
});
/** A list is sent as raw bytes, not as JSON, so requests for a preview to the stubbed server are handled separately. */
function withPreview(all: ReturnType<typeof server>, preview: unknown, status = 200) {
  const answer = globalThis.fetch;
  vi.stubGlobal("fetch", (input: string, init: RequestInit = {}) =>
    input.endsWith("/staff-invitations/preview")
      ? Promise.resolve(Response.json(preview, { status }))
      : answer(input, init),
  );
  return all;
}
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("inviting several people", () => {
  it("shows what each line would do, invites the rest, and shows the links once", async () => {
    const preview = {
      lines: [
        line(1, "lin@x.example", "new"),
        line(2, "ada@x.example", "member"),
        line(3, "lin@x.example", "twice"),
        line(4, "nobody", "bad", { faults: [{ field: "email", code: "email_invalid", value: "nobody" }] }),
      ],
      ignored_columns: ["notes"],
      can_mail: false,
    };
    const answers = {
      ...house,
      "POST /staff-invitations": {
        items: [
          {
            email: "lin@x.example",
            outcome: "invited",
            member: ada,
            link: "http://x/console/welcome#1",
            expires_at: noon,
            code: null,
            field: null,
          },
        ],
      },
    };
    const asked = withPreview(server(answers), preview);
    open("/settings/people");
    await press("Invite several");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(screen.getByLabelText("Addresses"), { target: { value: "lin@x.example\nada@x.example" } });
    await press("Preview");
    expect(await screen.findByText("1 person will be invited; 3 will not")).toBeTruthy();
    const dialog = screen.getByRole("dialog", { name: "Invite several" });
    for (const words of ["Will be invited", "Already a member", "Named twice", "Not invited"])
      expect(within(dialog).getByText(words)).toBeTruthy();
    expect(within(dialog).getByText("E-mail “nobody”: not valid")).toBeTruthy();
    expect(within(dialog).getByText("Columns not used: notes")).toBeTruthy();
    expect(within(dialog).getByText(/Mail is not set up/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    await press("Invite 1 person");
    expect(((await screen.findByLabelText("One-time link")) as HTMLTextAreaElement).value).toBe(
      "lin@x.example\thttp://x/console/welcome#1",
    );
    expect(asked.asked.find((one) => one.path === "/staff-invitations")?.body).toEqual({
      people: [{ email: "lin@x.example", name: "lin", role: "agent", group: null, queues: [], capacity: 5 }],
      by_mail: false,
      lang: "en",
    });
  });

  it("sends a long list in parts, by mail where that is set up", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => line(at + 1, `n${at}@x.example`, "new"));
    const answers = {
      ...house,
      "POST /staff-invitations": (one: Asked) => ({
        items: (one.body as { people: { email: string }[] }).people.map(({ email }) => ({
          email,
          outcome: "invited",
          member: ada,
          link: null,
          expires_at: noon,
          code: null,
          field: null,
        })),
      }),
    };
    const asked = withPreview(server(answers), { lines, ignored_columns: [], can_mail: true });
    open("/settings/people");
    await press("Invite several");
    fireEvent.change(screen.getByLabelText("Addresses"), { target: { value: "x" } });
    await press("Preview");
    await press("Invite 30 people");
    expect(await screen.findByText("30 people invited; 0 not")).toBeTruthy();
    expect(screen.getByText("Link sent by mail")).toBeTruthy();
    const sent = asked.asked.filter((one) => one.path === "/staff-invitations").map((one) => one.body);
    expect(sent.map((one) => (one as { people: unknown[] }).people.length)).toEqual([25, 5]);
    expect(sent).toMatchObject([{ by_mail: true }, { by_mail: true }]);
  });

  it("says why a list cannot be read", async () => {
    withPreview(server(house), { title: "too many", status: 422, code: "import_too_many", field: "file" }, 422);
    open("/settings/people");
    await press("Invite several");
    fireEvent.change(screen.getByLabelText("Addresses"), { target: { value: "x" } });
    await press("Preview");
    expect((await screen.findByRole("alert")).textContent).toBe("At most 500 people at once; split the list");
  });
});

describe("a member of the staff", () => {
  it("is removed after a question that says what they leave, where that goes, and which queue nobody would serve", async () => {
    const asked = server({
      ...house,
      "GET /staff/agt_a/work": {
        active: 2,
        on_hold: 0,
        snoozed: 0,
        left_messages: 0,
        alone_in: [{ zh: "账单", en: "Bills" }],
      },
      "DELETE /staff/agt_a": null,
    });
    open("/settings/people");
    await press("Remove");
    const dialog = await screen.findByRole("dialog", { name: "Remove Ada for good?" });
    expect((await within(dialog).findByRole("alert")).textContent).toBe("Nobody would serve: Bills");
    expect(within(dialog).getByText(/^2 open conversations/)).toBeTruthy();
    fireEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Remove Ada for good?" })).toBeNull());
    const sent = asked.asked.filter((one) => one.method === "DELETE").map(({ query }) => Object.fromEntries(query));
    expect(sent).toEqual([{ seen: "7", confirm: "true", move_to: "own_queues" }]);
  });

  it("who was removed is shown on request, and nothing can be done with them", async () => {
    server({
      ...house,
      "GET /staff": (one: Asked) =>
        one.query.get("status") === "removed"
          ? { items: [{ ...ada, email: "", status: "removed", removed_at: noon }], next: null }
          : none,
    });
    open("/settings/people?status=removed");
    const row = await screen.findByRole("row", { name: /Ada/ });
    expect(within(row).getByText("Removed")).toBeTruthy();
    expect(within(row).queryAllByRole("button")).toEqual([]);
  });
});

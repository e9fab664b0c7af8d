import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, describe, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { me, noon } from "./samples";

const rating = {
  conversation: "cnv_1",
  episode: 2,
  seq: 9,
  customer: { id: "vst_1", name: "Wang", account: null },
  lang: "en",
  score: 2,
  comment: "Nobody <b>called</b> back",
  solved: false,
  reasons: [{ id: "rsn_1", name: { zh: "慢", en: "Slow" } }],
  queue: null,
  agent: { id: "agt_2", name: "He Yu" },
  rated_at: noon,
  owner: null,
  done_at: null,
  done_by: null,
};
const item = (of: object = {}) => ({ kind: "rating", of: { ...rating, ...of } });
const page = (...items: unknown[]) => ({ items, waiting: items.length, next: null });

describe("feedback", () => {
  it("shows a rating with its words as text, why and who served; somebody takes it, and marks it as handled", async () => {
    const asked = server({
      ...signedIn(me),
      "GET /queues": { items: [] },
      "GET /feedback": page(item()),
      "PATCH /rating-comments/cnv_1": { ...rating, owner: { id: me.agent, name: me.name } },
    });
    open("/inbox/feedback");
    const card = await screen.findByRole("listitem", { name: /rated 2$/ });
    for (const words of ["Nobody <b>called</b> back", "2 of 5", "Slow", "Not solved", "Served by He Yu"])
      expect(within(card).getByText(words), words).toBeTruthy();
    expect(within(card).getByRole("link", { name: "Read the conversation" }).getAttribute("href")).toMatch(
      /\/records\?open=cnv_1&note=9$/,
    );
    expect(await faults(document.body)).toEqual([]);
    asked.answers["GET /feedback"] = page(item({ owner: { id: me.agent, name: me.name } }));
    fireEvent.click(within(card).getByRole("button", { name: "I’ll handle it" }));
    expect(await screen.findByText(`${me.name} is handling it`)).toBeTruthy();
    asked.answers["GET /feedback"] = page();
    fireEvent.click(screen.getByRole("button", { name: "Mark as handled" }));
    expect(await screen.findByText("No feedback is waiting")).toBeTruthy();
    expect(asked.asked.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([
      { episode: 2, owner: me.agent },
      { episode: 2, handled: true },
    ]);
  });

  it("is chosen by kind and by whether it is handled, and says when something could not be done", async () => {
    const asked = server({
      ...signedIn(me),
      "GET /queues": { items: [] },
      "GET /feedback": page(item({ done_at: noon, done_by: "Su", agent: null })),
      "PATCH /rating-comments/cnv_1": new Refusal(404, "not_found"),
    });
    const { router } = open("/inbox/feedback?done=true");
    const card = await screen.findByRole("listitem", { name: /rated 2$/ });
    expect(card.textContent).toContain("Handled by Su");
    expect(card.textContent).toContain("Answered by the bot");
    fireEvent.click(within(card).getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Not found; it may have been deleted")).toBeTruthy();
    fireEvent.click(screen.getByText("Ratings"));
    await waitFor(() => expect(router.state.location.search).toEqual({ kind: "rating", done: true }));
    await waitFor(() =>
      expect(asked.asked.findLast(({ path }) => path === "/feedback")?.query.get("kind")).toBe("rating"),
    );
  });
});

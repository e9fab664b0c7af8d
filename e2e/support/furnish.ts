import { createHash, randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { Api, memberOf } from "./api";
import { Hostile } from "./hostile";
import { Outbox } from "./outbox";
import { Receiver } from "./receiver";
import { password, Server, type Role, type Seed } from "./server";

/** The ids and credentials of a furnished installation. */
export interface Furnished {
  /** Conversations: one being served, one waiting, one with a left message, and one that was resolved and rated. */
  served: string;
  waiting: string;
  left: string;
  resolved: string;
  goods: string;
  entry: string;
  /** The session of a customer with an account. */
  customer: string;
}

/** Counts up until the digest begins with `bits` zero bits. */
function solve(puzzle: string, bits: number): string {
  for (let n = 0; ; n++) {
    const digest = createHash("sha256")
      .update(`${puzzle}.${String(n)}`)
      .digest();
    if (Math.clz32(digest.readUInt32BE()) >= bits) return String(n);
  }
}

class House {
  readonly #staff: Record<Role, Api>;

  constructor(
    readonly server: Server,
    readonly seed: Seed,
    readonly text: Hostile,
  ) {
    this.#staff = {
      agent: memberOf(server, seed, "agent"),
      manager: memberOf(server, seed, "manager"),
      administrator: memberOf(server, seed, "administrator"),
    };
  }

  get agent(): Api {
    return this.#staff.agent;
  }
  get manager(): Api {
    return this.#staff.manager;
  }
  get administrator(): Api {
    return this.#staff.administrator;
  }

  async company(): Promise<void> {
    const { administrator, text } = this;
    const company = await administrator.get("/company");
    await administrator.patch("/company", { name: text.both("company"), seen: company.updated_at });
    const site = (await administrator.get("/company/sites")).items[0];
    await administrator.patch(`/company/sites/${site?.id ?? ""}`, {
      name: text.both("site's name"),
      bot_name: text.both("bot's name", 40),
      greeting: text.both("greeting", 200),
      privacy_note: text.both("privacy note", 200),
      seen: site?.updated_at,
    });
    const queue = (await administrator.get("/queues")).items[0];
    await administrator.patch(`/queues/${queue?.id ?? ""}`, { name: text.both("queue", 40), seen: queue?.updated_at });
    await administrator.post("/departments", { name: text.line("department", 40) });
    await administrator.post("/roles", {
      name: text.line("role", 40),
      about: text.line("purpose of a role"),
      grants: [{ permission: "desk", reach: ["own"] }],
    });
    const group = await administrator.post("/groups", { name: text.line("group", 40) });
    for (const role of ["agent", "manager"]) {
      const member = (await administrator.get(`/staff?role=${role}`)).items.find(
        ({ name }) => name === this.seed.members.find((one) => one.role === role)?.name,
      );
      await administrator.patch(`/staff/${member?.id ?? ""}`, {
        name: text.line(`${role}'s name`, 40),
        group: group.id,
        seen: member?.updated_at,
      });
    }
    await this.manager.post("/wall-links", { name: text.line("wall link") });
    const tiles = [{ indicator: "dialogue", form: "line", range: "days_7", wide: true }];
    await this.manager.post("/boards", { name: text.line("board"), shared: true, tiles });
  }

  /** Goods, canned replies, answers of the bot; returns the ids of a product and of an entry. */
  async texts(): Promise<{ goods: string; entry: string }> {
    const { agent, manager, text } = this;
    await agent.post("/canned-replies", {
      shortcode: "trial",
      title: text.line("canned reply's title"),
      body: text.both("canned reply", 500),
    });
    const shelf = await agent.post("/goods-categories", { name: text.both("goods category", 40) });
    const label = {
      key: "size",
      label: text.both("attribute's label"),
      value: text.both("attribute's value"),
      unit: "<svg onload=xss()>",
    };
    const product = {
      category: shelf.id,
      name: text.both("goods"),
      price_fen: 5,
      stock: 1,
      illustration: "phone",
      attributes: [label],
      selling_points: { zh: [text.line("selling point")], en: [text.line("selling point, English")] },
    };
    const goods = await manager.post("/goods", {
      ...product,
      description: text.both("description", 200),
      tags: [],
      state: "live",
    });
    await manager.patch(`/goods/${goods.id}`, {
      price_fen: 6,
      reason: text.line("reason of a price"),
      seen: goods.updated_at,
    });
    const { key: category } = await manager.post("/knowledge/categories", {
      name: text.both("knowledge category", 40),
    });
    const question = text.both("question");
    const similar = { zh: [text.line("phrasing")], en: [text.line("phrasing, English")] };
    const entry = await manager.post("/knowledge/entries", {
      category,
      question,
      similar,
      answer: text.both("answer", 300),
      related: [],
    });
    await manager.post("/knowledge/tests", { sentence: text.line("test sentence"), lang: "en", expected: "no_answer" });
    // The draft answers what nothing is said to answer, so that it needs a reason to be published.
    for (const sentence of [question.en, ...similar.zh, ...similar.en])
      await manager.post("/knowledge/tests", { sentence, lang: "en", expected: "no_answer" });
    await manager.post("/knowledge/evaluations", {});
    const draft = async (): Promise<{ revision: number; run: { state: string } }> =>
      (await manager.get("/knowledge")) as unknown as { revision: number; run: { state: string } };
    await expect.poll(async () => (await draft()).run.state).toBe("done");
    const { revision } = await draft();
    await manager.post("/knowledge/publish", {
      revision,
      note: text.line("note of a version"),
      reason: text.line("reason of a version"),
    });
    // Changed once more, so that the live version is shown beside the draft.
    const { updated_at: seen } = await manager.get(`/knowledge/entries/${entry.id}`);
    await manager.patch(`/knowledge/entries/${entry.id}`, { answer: text.both("changed answer", 300), seen });
    return { goods: goods.id, entry: entry.id };
  }

  /** A token of a program. */
  async token(): Promise<void> {
    const permissions = [{ permission: "desk", reach: ["company"] }];
    await this.administrator.post("/tokens", { name: this.text.line("token", 40), permissions });
  }

  /** An endpoint whose receiver answers with hostile text; returns its id. */
  async webhook(receiver: Receiver): Promise<string> {
    const { administrator, text } = this;
    receiver.status = 500;
    receiver.words = text.line("receiver's answer", 100);
    const hook = await administrator.post("/webhooks", {
      url: `${receiver.url}?q=${encodeURIComponent(text.line("webhook's address"))}`,
      description: text.line("webhook", 100),
      events: ["conversation.rated"],
    });
    return hook.id;
  }

  /** Waits until something was delivered to the endpoint and the answer is stored. */
  async delivered(webhook: string): Promise<void> {
    const attempts = async (): Promise<unknown> =>
      (await this.administrator.get(`/webhooks/${webhook}/deliveries?state=pending`)).items[0]?.attempts ?? 0;
    await expect.poll(attempts).toBeGreaterThan(0);
  }

  /** Signs in again with a browser whose user agent is hostile. */
  async browser(): Promise<void> {
    const email = (await this.agent.get("/me")) as unknown as { email: string };
    await new Api(this.server, undefined, "Mozilla/5.0 <xss-x onclick=xss()> Chrome/1").post("/auth/sessions", {
      email: email.email,
      password,
    });
  }

  /** A customer with an account and a name; returns the cookie. */
  async customer(): Promise<string> {
    const api = new Api(this.server);
    const { puzzle, bits } = (await api.get("/customer/puzzle")) as unknown as { puzzle: string; bits: number };
    const identifier = "ada@example.com";
    const { handle } = await api.post("/customer/registrations", {
      site: "demo",
      identifier,
      password,
      lang: "en",
      proof: { puzzle, solution: solve(puzzle, bits) },
    });
    const cookie = await api.cookie("/customer/registrations/confirm", {
      handle,
      code: await new Outbox(this.server).code(identifier),
    });
    const customer = new Api(this.server, cookie);
    await customer.patch("/customer", {
      name: this.text.line("customer's name"),
      seen: (await customer.get("/customer")).updated_at,
    });
    return cookie;
  }

  async #visitor(customer?: string): Promise<Visitor> {
    const api = new Api(this.server);
    const ticket =
      customer === undefined ? null : (await new Api(this.server, customer).post("/customer/widget-ticket", {})).ticket;
    const { token } = (await api.post("/widget/sessions", {
      site: "demo",
      device: null,
      lang: "en",
      ticket,
    })) as unknown as { token: string };
    return new Visitor(api, token);
  }

  /** Conversations in every state; the one being served is the customer's. */
  async conversations(customer: string): Promise<Pick<Furnished, "served" | "waiting" | "left" | "resolved">> {
    const { agent, text } = this;
    const [served, waiting, left, resolved] = [
      await this.#visitor(customer),
      await this.#visitor(),
      await this.#visitor(),
      await this.#visitor(),
    ];
    for (const [one, visitor] of Object.entries({ served, resolved })) {
      // The page's address is the target of a link; its text is not shown.
      await visitor.open(text.all(`${one}: question`));
      await visitor.shows({ title: text.line(`${one}: page`, 200), url: "http://x/?q='\"><xss-x onclick=xss()>" });
      await visitor.file(text.name(`${one}: customer's file`));
      await visitor.ask();
      await agent.send(visitor.conversation, { type: "take" });
      await agent.send(visitor.conversation, { type: "text", text: text.all(`${one}: agent's words`) });
      await agent.send(visitor.conversation, {
        type: "file",
        file: await agent.upload("/files", text.name(`${one}: agent's file`), "x"),
      });
      const files = [await agent.upload("/files", text.name(`${one}: note's file`), "x")];
      await agent.send(visitor.conversation, { type: "note", text: text.all(`${one}: note`), files });
    }
    await agent.send(resolved.conversation, { type: "resolve" });
    await resolved.send({ type: "rate", score: 1, comment: text.line("resolved: rating", 200), solved: false });
    await waiting.open(text.line("waiting: question", 200));
    await waiting.ask();
    await left.open(text.line("left: question", 200));
    await left.send({
      type: "leave_message",
      text: text.line("left: message", 200),
      contact: text.line("left: contact", 100),
    });
    return {
      served: served.conversation,
      waiting: waiting.conversation,
      left: left.conversation,
      resolved: resolved.conversation,
    };
  }
}

/** A customer without a browser. */
class Visitor {
  readonly conversation = `cnv_${randomUUID().replaceAll("-", "")}`;

  constructor(
    readonly api: Api,
    readonly token: string,
  ) {}

  send = (body: Record<string, unknown>): Promise<void> =>
    this.api.send(this.conversation, body, { token: this.token });
  open = (text: string): Promise<void> =>
    this.api.send(this.conversation, { type: "text", text }, { token: this.token, open: { lang: "en" } });
  /** Agrees that the team sees the page, and says which it is. */
  shows = async (page: { title: string; url: string }): Promise<void> => {
    const answers = [{ purpose: "pages", granted: true }];
    await this.api.put("/widget/consents", { answers, wording: 1, place: "widget" }, this.token);
    await this.api.put("/widget/page", page, this.token);
  };
  ask = (): Promise<void> => this.send({ type: "request_human", via: "button" });
  file = async (name: string): Promise<void> =>
    this.send({ type: "file", file: await this.api.upload("/widget/files", name, "x", this.token) });
}

/** An installation filled with hostile texts, through the API, wherever people and administrators can write; stories start on copies of it. */
export interface FurnishedSeed extends Furnished {
  seed: Seed;
  text: Hostile;
}

export async function furnish(seed: Seed): Promise<{ furnished: FurnishedSeed; remove(): Promise<void> }> {
  const server = await Server.start(seed.data);
  const receiver = await Receiver.start();
  const text = new Hostile();
  const house = new House(server, seed, text);
  // One after the other, so that each text goes to the same place every time.
  await house.company();
  const ids = await house.texts();
  await house.token();
  const webhook = await house.webhook(receiver);
  await house.browser();
  const customer = await house.customer();
  const conversations = await house.conversations(customer);
  await house.delivered(webhook);
  await receiver.stop();
  await server.halt();
  return {
    furnished: { ...ids, ...conversations, customer, text, seed: { ...seed, data: server.data } },
    remove: () => server.stop(),
  };
}

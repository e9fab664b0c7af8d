import { describe, expect, it } from "vitest";
import { i18n } from "../src/i18n";
import { audienceSlug, audiences, feeBand, filterPlans, planFilterOf, planPicks } from "../src/plans";
import { audienceName, planFacts } from "../src/ui/plan-card";
import { demoPlans } from "./demo";

const plan = (id: string) => {
  const found = demoPlans.find((one) => one.id === id);
  if (!found) throw new Error(`no demo plan ${id}`);
  return found;
};

describe("filterPlans", () => {
  it("lists all twelve by fee", () => {
    const fees = filterPlans(demoPlans, planFilterOf(new URLSearchParams())).map((one) => one.monthly_fee_fen);
    expect(fees).toHaveLength(12);
    expect(fees).toEqual([...fees].sort((a, b) => a - b));
  });

  it("filters by audience and fee together", () => {
    const found = filterPlans(demoPlans, planFilterOf(new URLSearchParams("audience=everyone&fee=low")));
    expect(found.map((one) => one.id)).toEqual(["feather-19", "cloud-39"]);
  });

  it("puts every fee into one band", () => {
    expect([4_999, 5_000, 15_000, 15_001].map(feeBand)).toEqual(["low", "mid", "mid", "high"]);
  });
});

describe("planPicks", () => {
  it("claims only what holds of the plans open to everyone", () => {
    const picks = planPicks(demoPlans);
    const by = (why: string) => picks.find((pick) => pick.why === why)?.plan;
    const everyone = demoPlans.filter((one) => one.audience === "everyone");
    expect(by("cheapest")?.monthly_fee_fen).toBe(Math.min(...everyone.map((one) => one.monthly_fee_fen)));
    expect(by("free")?.data_gb).toBe(
      Math.max(...everyone.filter((one) => one.contract_months === 0).map((one) => one.data_gb)),
    );
    expect(by("broadband")?.monthly_fee_fen).toBe(
      Math.min(...everyone.filter((one) => one.broadband_mbps > 0).map((one) => one.monthly_fee_fen)),
    );
  });

  it("leaves out what not everyone may have", () => {
    expect(planPicks([plan("elder-15"), plan("family-169")])).toEqual([]);
  });

  it("chooses a plan once and none from nothing", () => {
    expect(planPicks([plan("feather-19")])).toHaveLength(1);
    expect(planPicks([])).toEqual([]);
  });
});

describe("words of a plan", () => {
  it("names every audience of the demo in both languages", () => {
    for (const audience of audiences(demoPlans)) {
      expect(audienceName(audience, i18n("zh-CN"))).toMatch(/\p{Script=Han}/u);
      expect(audienceName(audience, i18n("en"))).not.toBe(audience);
    }
    expect(audienceName("left-handed people", i18n("en"))).toBe("left-handed people");
    expect(audienceSlug("companies, 5 lines or more")).toBe("companies-5-lines-or-more");
  });

  it("says what a plan lacks", () => {
    const facts = planFacts(plan("feather-19"), i18n("en"));
    expect(facts.find((fact) => fact.key === "broadband")).toMatchObject({ has: false, value: "Not included" });
    expect(facts.find((fact) => fact.key === "contract")).toMatchObject({ has: false, value: "None" });
  });

  it("says everything about roaming", () => {
    const roaming = (lang: "zh-CN" | "en") =>
      planFacts(plan("globe-299"), i18n(lang)).find((fact) => fact.key === "roaming")?.value;
    expect(roaming("en")).toBe("10 GB, 100 min, 60 destinations");
    expect(roaming("zh-CN")).toBe("10 GB，100 分钟，60 个目的地");
  });
});

import { describe, expect, it } from "vitest";
import { crmScript } from "../../../src/demo/crm-script.ts";
import { poison } from "../../../src/demo/scenario.ts";

const request = (lead: Record<string, unknown>) => ({
  id: "run:crm",
  source: "website",
  lead,
  sinceStartMs: 0,
});

describe("the behaviour of the demo's CRM", () => {
  it("takes complete leads, and refuses those without a postal code for good, in the person's language", () => {
    expect(crmScript("de")(request({ plz: "10115" }))).toEqual({ kind: "accept" });
    expect(crmScript("de")(request({}))).toEqual({ kind: "refuse", reason: "Postleitzahl fehlt" });
    expect(crmScript("en")(request({}))).toEqual({ kind: "refuse", reason: "postal code is missing" });
  });

  it("fails on a certain lead every time, so that somebody has to look at it", () => {
    const script = crmScript("de");
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(script(request({ plz: "10115", nachricht: `Umzug ${poison}` }))).toMatchObject({ kind: "fail" });
    }
  });
});

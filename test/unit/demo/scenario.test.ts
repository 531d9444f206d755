import { describe, expect, it } from "vitest";
import { readBody } from "../../../src/bodies/read-body.ts";
import { acts, leadsTotal, makeScenario } from "../../../src/demo/scenario.ts";
import type { Sending } from "../../../src/demo/scenario.ts";

function sendingsOf(round: "first" | "then"): Sending[] {
  const scenario = makeScenario();
  return acts.flatMap((act) => scenario[act][round]);
}

describe("the demo's script", () => {
  it("has 500 leads, and tells the same story every time", () => {
    expect(sendingsOf("first")).toHaveLength(500);
    expect(leadsTotal).toBe(500);
    expect(new Set(sendingsOf("first").map(({ leadNumber }) => leadNumber)).size).toBe(500);
    expect(makeScenario()).toEqual(makeScenario());
  });

  it("shows every kind of answer, and every source in good and in damaged condition", () => {
    const all = [...sendingsOf("first"), ...sendingsOf("then")];
    const kinds = new Set(all.map(({ expected }) => expected));
    expect([...kinds].toSorted()).toEqual(["accepted", "denied", "duplicate", "key_reused", "refused"]);
    for (const expected of ["accepted", "refused", "duplicate"]) {
      const sources = new Set(all.filter((each) => each.expected === expected).map(({ source }) => source));
      expect([...sources].toSorted()).toEqual(["landingpage", "messe", "portal", "website"]);
    }
  });

  it("sends nothing again that was not sent before in the same act", () => {
    const scenario = makeScenario();
    for (const act of acts) {
      const before = new Set(scenario[act].first.map(({ leadNumber }) => leadNumber));
      for (const { leadNumber } of scenario[act].then) expect(before).toContain(leadNumber);
    }
  });

  it("writes leads that intake reads as they are meant, in JSON, forms and forms with a photograph", async () => {
    for (const { body, contentType, fields, expected } of sendingsOf("first")) {
      if (expected !== "accepted") continue;
      const read = await readBody(body, contentType);
      expect(read).toMatchObject({ kind: "lead", value: fields });
    }
  });

  it("uses example domains and telephone numbers that belong to nobody", () => {
    for (const { fields } of sendingsOf("first")) {
      const text = JSON.stringify(fields);
      expect(text).toMatch(/@(?:example\.(?:com|org|net)|[a-zäöü]+\.example)"/);
      const digits = text.replace(/[^0-9]/g, "");
      expect(digits).toMatch(/23125|66969|90009|99998|4710|39200/);
    }
  });
});

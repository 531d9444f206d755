import { describe, expect, it } from "vitest";
import { checkOpenIntake } from "../../../src/config/configuration.ts";
import type { ProblemCode } from "../../../src/config/problem.ts";
import { loadedConfiguration } from "./load.ts";

const env = { SPACED: "a-secret-from-a-file-with-a-line-break\n" };

describe("a configuration that is valid but perhaps not meant", () => {
  it.each<[ProblemCode | null, string]>([
    ["open_intake_on", "open_intake: true"],
    ["trusts_everyone", "trust_proxy: [0.0.0.0/0]"],
    ["trusts_everyone", "trust_proxy: ['::/0']"],
    [null, "trust_proxy: [10.0.0.0/8, 'fd00::/8', 127.0.0.1]"],
    ["auth_none", "sources: { s: { auth: { kind: none } } }"],
    ["secret_short", "sources: { s: { auth: { kind: hmac, secret: fifteen-letters } } }"],
    [null, "sources: { s: { auth: { kind: hmac, secret: sixteen--letters } } }"],
    ["secret_short", "sources: { s: { auth: { kind: token, secrets: [{ value: fifteen-letters }] } } }"],
    ["secret_spaces", "sources: { s: { auth: { kind: hmac, secret: ${SPACED} } } }"],
    ["sends_to_nobody", "sources: { s: { auth: { kind: hmac, secret: sixteen--letters }, to: [] } }"],
    ["names_alike", "destinations: { crm: { kind: external }, CRM: { kind: external } }"],
    ["destination_private", "destinations: { d: { kind: http, url: 'http://localhost:3000' } }"],
    ["destination_private", "destinations: { d: { kind: http, url: 'http://2130706433/' } }"],
    ["destination_private", "destinations: { d: { kind: http, url: 'http://[::ffff:10.0.0.1]/' } }"],
    [null, "destinations: { d: { kind: http, url: 'http://10.0.0.1/', allow_private: true } }"],
    [null, "destinations: { d: { kind: http, url: 'https://crm.example/' } }"],
  ])("is warned of with %s: %s", async (code, yaml) => {
    const { warnings } = await loadedConfiguration(yaml, env);
    expect(warnings.map((warning) => [warning.code, warning.line])).toEqual(code === null ? [] : [[code, 1]]);
  });
});

describe("open intake", () => {
  it.each(["127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1", "localhost"])(
    "may listen on %s",
    (host) => {
      expect(checkOpenIntake({ openIntake: true, trustProxy: [] }, host)).toBeNull();
    },
  );

  it.each(["0.0.0.0", "::", "192.168.1.5", "leads.example", "", "127.1", "localhost.example"])(
    "may not listen on %j, which others reach",
    (host) => {
      expect(checkOpenIntake({ openIntake: true, trustProxy: [] }, host)).toEqual({
        code: "open_intake_not_loopback",
        params: { host },
      });
    },
  );

  it("may not be behind a proxy, not even on loopback", () => {
    const proxied = { openIntake: true, trustProxy: ["127.0.0.1"] };
    expect(checkOpenIntake(proxied, "127.0.0.1")?.code).toBe("open_intake_behind_proxy");
  });

  it("concerns nobody while it is off", () => {
    expect(checkOpenIntake({ openIntake: false, trustProxy: ["10.0.0.1"] }, "0.0.0.0")).toBeNull();
  });
});

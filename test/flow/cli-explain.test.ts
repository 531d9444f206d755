// leadledger explain, as somebody at a terminal uses it: without a database, in both languages.
import { describe, expect, it } from "vitest";
import { useCommandLine } from "../support/command-line.ts";

describe("leadledger explain", () => {
  const cli = useCommandLine();

  it("says what happened, whether the lead is safe, what to do and who does it", async () => {
    cli.env = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
    const { code, stdout, stderr } = await cli.run("explain", "ledger_unavailable", "--lang", "de");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("ledger_unavailable (HTTP 503)");
    expect(stdout).toMatch(/Ist der Lead sicher\?\s+Nein\. /);
    expect(stdout).toContain("Wer LeadLedger betreibt");
    const english = await cli.json<Record<string, unknown>>("explain", "ledger_unavailable");
    expect(english).toMatchObject({ code: "ledger_unavailable", safe: "no", responsible: "operator" });
  });

  it("lists every code", async () => {
    const { items } = await cli.json<{ items: { code: string }[] }>("explain");
    const codes = items.map(({ code }) => code);
    expect(codes).toContain("LL001");
    expect(codes).toContain("destination_dns");
    expect((await cli.run("explain")).stdout.trim().split("\n")).toHaveLength(codes.length + 1);
  });

  it("suggests what may have been meant, and fails", async () => {
    const misspelt = await cli.run("explain", "destination_aut", "--json", "--lang", "de");
    expect(misspelt).toMatchObject({ code: 1, stdout: "" });
    expect(misspelt.stderr).toMatch(
      /^Den Code „destination_aut“ gibt es nicht\. Ähnlich: destination_auth\b/,
    );
  });

  it("explains the code under which another command fails", async () => {
    cli.env = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
    const failed = await cli.run("runs", "list");
    expect(failed.code).toBe(2);
    const code = /^Code: (\w+) \(leadledger explain \1\)$/m.exec(failed.stderr)?.[1] ?? "";
    expect(code).toBe("key_required");
    expect(await cli.json("explain", code)).toMatchObject({ code, area: "start" });
  });
});

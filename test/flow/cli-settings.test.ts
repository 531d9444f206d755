// leadledger settings, as an operator uses it.
import { describe, expect, it } from "vitest";
import { useCommandLine } from "../support/command-line.ts";

interface Settings {
  readonly timezone: string;
  readonly timezone_managed_by: string;
  readonly masked_pointers: readonly string[];
}

describe("leadledger settings", () => {
  const cli = useCommandLine();

  it("shows and changes what all nodes share, and says in the operator's language what is wrong", async () => {
    expect(await cli.json<Settings>("settings", "show")).toMatchObject({
      timezone: "Europe/Berlin",
      timezone_managed_by: "api",
      masked_pointers: [],
    });
    await cli.run(
      "settings",
      "change",
      "--timezone",
      "Europe/Vienna",
      "--masked-pointers",
      "/iban",
      "/notes",
    );
    expect(await cli.json<Settings>("settings", "show")).toMatchObject({
      timezone: "Europe/Vienna",
      masked_pointers: ["/iban", "/notes"],
    });
    const none = await cli.json<Settings>("settings", "change", "--no-masked-pointers");
    expect(none).toMatchObject({ timezone: "Europe/Vienna", masked_pointers: [] });

    const misspelt = await cli.run("settings", "change", "--timezone", "Europe/Wien", "--lang", "de");
    expect(misspelt).toMatchObject({ code: 1, stdout: "" });
    expect(misspelt.stderr).toContain("Europe/Wien");
    const nothing = await cli.run("settings", "change");
    expect(nothing).toMatchObject({ code: 2, stdout: "" });
  });

  it("names, shows and forgets the address that is called while all works", async () => {
    const none = await cli.run("dead-mans-switch", "show", "--lang", "de");
    expect(none).toMatchObject({ code: 0 });
    expect(none.stdout).toContain("keine Adresse");
    const refused = await cli.run("dead-mans-switch", "set", "--address", "ftp://example.com/ping");
    expect(refused).toMatchObject({ code: 1 });
    const url = "https://ping.example.com/secret-part";
    expect(await cli.json("dead-mans-switch", "set", "--address", url, "--every", "2m")).toMatchObject({
      origin: "https://ping.example.com",
      every: "2m",
    });
    expect(await cli.json("dead-mans-switch", "set", "--every", "5m")).toMatchObject({
      origin: "https://ping.example.com",
      every: "5m",
    });
    const shown = await cli.run("dead-mans-switch", "show");
    expect(shown.stdout).toContain("https://ping.example.com/…");
    expect(shown.stdout).not.toContain("secret-part");
    expect(await cli.json("dead-mans-switch", "remove")).toMatchObject({ origin: null });
  });
});

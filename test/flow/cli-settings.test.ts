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
});

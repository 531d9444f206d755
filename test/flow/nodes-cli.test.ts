// leadledger serve --role: what an operator reads about the roles of a node.
import { describe, expect, it, vi } from "vitest";
import { useCommandLine } from "../support/command-line.ts";

const commandLine = useCommandLine();

describe("leadledger serve --role", () => {
  it.each(["delivery,leadr", "", "intake,,leader", "INTAKE"])(
    "refuses %j, says what is possible, and starts nothing",
    async (roles) => {
      const { code, stdout, stderr } = await commandLine.run("serve", "--role", roles);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("intake, delivery, leader");
    },
  );

  it("names the roles of a node that has not all of them, and does not promise that it takes leads", async () => {
    commandLine.env = { PORT: "0" };
    const { output } = commandLine.start("serve", "--role", "leader", "--role", "delivery, leader");
    await vi.waitFor(() => expect(output.stdout).toContain("takes no leads"), { timeout: 30_000 });
    await vi.waitFor(() => expect(output.stdout).toMatch(/^Roles +delivery, leader$/m), 30_000);
    expect(output.stdout).not.toContain("curl");
  });

  it("tells programs, too", async () => {
    commandLine.env = { PORT: "0" };
    const { output } = commandLine.start("serve", "--json", "--role", "intake");
    const banner = await vi.waitFor(() => JSON.parse(output.stdout) as unknown, { timeout: 30_000 });
    expect(banner).toMatchObject({ roles: ["intake"] });
  });
});

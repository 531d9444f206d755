// The command line's language, times, colours, and the errors it explains.
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { essence } from "../../../src/cli/log/audit.ts";
import { bytesText, judgeClock, judgeDisk, judgeExpiry } from "../../../src/cli/doctor/doctor-check.ts";
import { databasePlace, explainFailure } from "../../../src/cli/frame/failure.ts";
import { chooseLanguage } from "../../../src/cli/frame/language.ts";
import { createReadableLog } from "../../../src/cli/frame/readable-log.ts";
import { createTerminal } from "../../../src/cli/frame/terminal.ts";
import { timeText } from "../../../src/cli/frame/times.ts";
import { KeyError } from "../../../src/runtime/keys.ts";

describe("the language", () => {
  it("is what --lang says, else what the locale says, else English", () => {
    expect(chooseLanguage(["runs", "list", "--lang", "de"], { LANG: "en_US.UTF-8" })).toBe("de");
    expect(chooseLanguage(["--lang=en"], { LC_ALL: "de_DE.UTF-8" })).toBe("en");
    expect(chooseLanguage([], { LC_ALL: "", LC_MESSAGES: "de_AT.UTF-8", LANG: "en_US" })).toBe("de");
    expect(chooseLanguage([], { LC_ALL: "C", LANG: "de_DE" })).toBe("en");
    expect(chooseLanguage([], { LANG: "den_CA" })).toBe("en");
    expect(chooseLanguage(["--", "--lang", "de"], {})).toBe("en");
  });

  it("is refused where there is none like it", () => {
    expect(chooseLanguage(["--lang", "fr"], {})).toBeNull();
    expect(chooseLanguage(["--lang"], {})).toBeNull();
  });
});

describe("times", () => {
  const winter = new Date("2026-03-29T00:59:59.042Z");
  const summer = new Date("2026-03-29T01:00:00Z");

  it("are of the reporting zone on both sides of a clock change, in the order of the language", () => {
    const german = timeText("Europe/Berlin", "de");
    expect([german.at(winter), german.at(summer)]).toEqual(["29.03.2026 01:59:59", "29.03.2026 03:00:00"]);
    expect(timeText("Europe/Berlin", "en").precisely(winter)).toBe("2026-03-29 01:59:59.042");
  });

  it("are short when they are today there", () => {
    const times = timeText("Europe/Berlin", "de");
    expect(times.soon(summer, winter)).toBe("03:00");
    expect(times.soon(new Date("2026-03-29T22:30:00Z"), winter)).toBe("30.03.2026 00:30");
  });
});

describe("colours", () => {
  const stream = (isTTY: boolean) => ({ isTTY, columns: 80, write: () => true });

  it("are shown on a terminal only, and not with NO_COLOR", () => {
    const painted = (isTTY: boolean, env: Record<string, string>): string =>
      createTerminal(stream(isTTY), stream(isTTY), env).paint("red", "x");
    expect(painted(true, {})).toBe("\u001b[31mx\u001b[0m");
    expect([painted(false, {}), painted(true, { NO_COLOR: "1" }), painted(true, { TERM: "dumb" })]).toEqual([
      "x",
      "x",
      "x",
    ]);
  });
});

describe("the log at a terminal", () => {
  it("is one line per event, from the level on that was asked for", () => {
    const lines: string[] = [];
    const terminal = {
      note: (text: string) => void lines.push(text),
      paintNote: (_: string, text: string) => text,
    };
    const log = createReadableLog(terminal, "warn", () => new Date(2026, 0, 2, 3, 4, 5));
    log("info", "started");
    log("error", "task_failed", { task: "poll", error: "two\nlines \u001b[2J", port: null });
    expect(lines).toEqual(['03:04:05 error task_failed task=poll error="two\\nlines \\u001b[2J"']);
  });
});

describe("an error", () => {
  it("of the network is the database's, with its place and without its password", () => {
    const error = Object.assign(new Error("connect ECONNREFUSED"), {
      code: "ECONNREFUSED",
      syscall: "connect",
    });
    const place = databasePlace("postgresql://user:geheim@db.example:5433/leads");
    expect(place).toBe("db.example:5433/leads");
    expect(explainFailure(error, "de", place)).toMatchObject({ exitCode: 3, unexpected: false });
    expect(explainFailure(error, "de", place).message).not.toContain("geheim");
  });

  it("of the key is wrong usage, in the reader's language with the particulars below", () => {
    const error = new KeyError(
      "key_differs",
      "This database belongs to another LEADLEDGER_KEY (fingerprint a, here b).",
    );
    expect(explainFailure(error, "de")).toMatchObject({ exitCode: 2 });
    expect(explainFailure(error, "de").message).toContain("fingerprint a, here b");
    expect(explainFailure(error, "en").message).toBe(error.message);
  });

  it("of a missing key is one German text, without the English one below it", () => {
    const { message } = explainFailure(new KeyError("key_required", "LEADLEDGER_KEY must be set"), "de");
    expect(message).toContain("openssl rand -hex 32");
    expect(message).not.toContain("must be set");
  });

  it("that nobody foresaw says so", () => {
    expect(explainFailure(new TypeError("x is not a function"), "en")).toMatchObject({
      exitCode: 1,
      unexpected: true,
    });
    expect(explainFailure(new CommanderError(1, "c", "m"), "en").unexpected).toBe(true);
  });
});

describe("the doctor's judgement", () => {
  it("of a disk gets worse with the room that is left", () => {
    expect([2 ** 40, 2 ** 30, 2 ** 20].map((bytes) => judgeDisk("/data", bytes).status)).toEqual([
      "ok",
      "warn",
      "fail",
    ]);
    expect(bytesText(1.5 * 2 ** 30)).toEqual({ en: "1.5 GB", de: "1,5 GB" });
  });

  it("of a clock tells which way it is wrong", () => {
    expect([0, -1_999, 2_000, -240_000].map((drift) => judgeClock(drift).status)).toEqual([
      "ok",
      "ok",
      "warn",
      "fail",
    ]);
    expect([judgeClock(-90_500).text.de, judgeClock(90_500).text.de]).toEqual([
      "geht gegenüber der Datenbank 90,5 s nach",
      "geht gegenüber der Datenbank 90,5 s vor",
    ]);
  });

  it("of a secret warns two weeks before it expires, and after", () => {
    const nowMs = Date.UTC(2026, 0, 1);
    const judged = (days: number): string | undefined =>
      judgeExpiry("web", new Date(nowMs + days * 86_400_000), "then", nowMs)?.text.en;
    expect([judged(15), judged(13), judged(-1), judgeExpiry("web", null, "", nowMs)]).toEqual([
      undefined,
      "a secret of web expires on then",
      "a secret of web expired on then",
      null,
    ]);
  });
});

describe("the story of a lead", () => {
  it("does not show the lead's own data unless asked", () => {
    const payload = {
      at: "now",
      body: { email: "erika@example.com" },
      sha256: "00",
      source: "web",
      attempt: 2,
      none: null,
    };
    expect(essence({ payload })).toBe("source=web attempt=2");
    expect(essence({ payload: null })).toBe("");
  });
});

// Every kind says how it is set up at its sender's, in both languages, so that setting up begins with tiles.
import { describe, expect, test } from "vitest";
import { senderReach, stepsFor } from "../../../src/config/set-up.ts";
import { tilesOf } from "../../../src/config/tiles.ts";
import { addressRemarks } from "../../../src/domain/sources/address-remarks.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

const { sources } = builtInKinds;

describe("Setting up", () => {
  test.each(sources.map((declared) => [declared.kind, declared] as const))(
    "%s has a way, with the address in its steps, and asks for fields that it has",
    (_kind, { setUp, fields, signsBody, proof }) => {
      expect(setUp.length).toBeGreaterThan(0);
      const members = Object.values(fields).flatMap(({ member, short }) => [member, short?.member]);
      for (const { id, asks = [], steps, about, label } of setUp) {
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        for (const language of ["en", "de"] as const) {
          const text = steps.map((step) => step[language]).join("\n");
          expect(text, id).toContain("{address}");
          // A secret that LeadLedger makes is of no use unless somebody is told where it goes.
          const needsSecret = asks.length === 0 && fields["secrets"] !== undefined;
          expect(text.includes("{secret}"), id).toBe(needsSecret && (signsBody || proof !== "nothing"));
          expect([about[language], label[language]]).not.toContain("");
        }
        expect(members).toEqual(expect.arrayContaining([...asks]));
      }
    },
  );

  test("says what to enter here, and nothing to do at the sender's, where the address is another source's", () => {
    const sharing = sources.filter(({ sharedBy }) => sharedBy !== undefined);
    expect(sharing.length).toBeGreaterThan(0);
    for (const { setUp, sharedBy = [] } of sharing)
      for (const way of setUp)
        for (const language of ["en", "de"] as const) {
          const text = stepsFor(way, "address")
            .map((step) => step[language])
            .join("\n");
          for (const said of ["{via}", ...sharedBy.map(({ member }) => member)]) expect(text).toContain(said);
          expect(text).not.toMatch(/\{address\}|\{secret\}|https?:|POST/);
          expect(stepsFor(way, null)).toBe(way.steps);
        }
  });

  test("begins with WordPress, the website, Meta and Google, and ends with something else", () => {
    const tiles = tilesOf(builtInKinds).map(({ id }) => id);
    expect(tiles.slice(0, 4)).toEqual(["wordpress", "website", "meta", "google"]);
    expect(tiles.at(-1)).toBe("other");
  });

  test("has ids that nothing else has", () => {
    const ids = sources.flatMap(({ setUp }) => setUp.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("of WordPress keeps the plugin's own mail switched on, whichever plugin it is", () => {
    const [wordpress] = tilesOf(builtInKinds);
    expect(wordpress?.setUps.map(({ id }) => id)).toEqual([
      "contact-form-7",
      "gravity-forms",
      "wpforms",
      "fluent-forms",
      "ninja-forms",
      "elementor",
    ]);
    for (const { id, steps } of wordpress?.setUps ?? [])
      expect(
        steps.some(({ de }) => /E-Mail/.test(de) && /Sicherheitsnetz/.test(de)),
        id,
      ).toBe(true);
  });

  test("of Meta begins with a choice", () => {
    const meta = tilesOf(builtInKinds).find(({ id }) => id === "meta");
    expect(meta?.setUps.map(({ id }) => id)).toEqual(["meta-without-app", "meta-app"]);
  });
});

describe("An address", () => {
  const outside = { fromInternet: true, ports: null };
  const codes = (url: string, reach: Parameters<typeof addressRemarks>[1] = outside): readonly string[] =>
    addressRemarks(url, reach).map(({ code }) => code);

  test.each([
    "http://127.0.0.1:8080/x",
    "http://localhost:8080/x",
    "https://192.168.1.20/x",
    "https://10.1.2.3/x",
    "https://172.31.0.1/x",
    "https://100.64.0.1/x",
    "https://169.254.1.1/x",
    "http://[::1]:8080/x",
    "http://[fd00::1]/x",
    "http://[fe80::1]/x",
    "http://[::ffff:192.168.0.1]/x",
    "https://nas/x",
    "https://server.local/x",
    "https://crm.firma.internal./x",
  ])("%s cannot be reached from the internet", (url) => expect(codes(url)).toEqual(["address_not_public"]));

  test.each(["https://leads.firma.de/x", "https://8.8.8.8/x", "https://[2a00::1]/x", "https://172.32.0.1/x"])(
    "%s may be",
    (url) => expect(codes(url)).toEqual([]),
  );

  test("without HTTPS is told to whoever has senders outside", () => {
    expect(codes("http://leads.firma.de/x")).toEqual(["address_not_encrypted"]);
    expect(codes("http://leads.firma.de/x", { fromInternet: false, ports: null })).toEqual([]);
  });

  test("with a port that WordPress' own HTTP library refuses is told where every way goes through it", () => {
    const elementor = senderReach(sources.find(({ kind }) => kind === "elementor")?.setUp ?? []);
    expect(codes("https://leads.firma.de:8443/x", elementor)).toEqual(["address_port"]);
    expect(codes("https://leads.firma.de:8080/x", elementor)).toEqual([]);
    expect(codes("https://leads.firma.de/x", elementor)).toEqual([]);
    const plugins = senderReach(sources.find(({ kind }) => kind === "wordpress-form")?.setUp ?? []);
    expect(codes("https://leads.firma.de:8443/x", plugins)).toEqual([]);
  });
});

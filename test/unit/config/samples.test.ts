// Sample code: the documentation shows the very same, and whatever a source is called or looks for stays text in it.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { curlSample } from "../../../src/config/samples/curl.ts";
import { javascriptSample } from "../../../src/config/samples/javascript.ts";
import { n8nSample } from "../../../src/config/samples/n8n.ts";
import { phpSample } from "../../../src/config/samples/php.ts";
import { exampleLeadOf, leadUrl, secretVariable } from "../../../src/config/samples/sample-target.ts";
import type { SampleProof, SpokenTarget } from "../../../src/config/samples/sample-target.ts";
import { declaredOf } from "../../../src/config/declared-kind.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { openSource } from "../../../src/domain/sources/source.ts";
import { examples, languages } from "../../support/documentation.ts";

type Kind = "hmac" | "token" | "none";
const auths: readonly Kind[] = ["hmac", "token", "none"];
const hasPhp = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "php")));

const proofOf = (kind: Kind) => declaredOf(builtInKinds.sources, kind)?.proof as SampleProof;

function target(source: string, auth: Kind, changes: Partial<SpokenTarget> = {}): SpokenTarget {
  return {
    url: leadUrl("http://localhost:8080", source),
    proof: proofOf(auth),
    key: "header",
    language: "en",
    secret: { variable: secretVariable(source, proofOf(auth)) },
    lead: exampleLeadOf(openSource(source)),
    ...changes,
  };
}

describe.each(languages)("The documentation (%s) shows the samples that the API gives", (language) => {
  const website = target("website", "hmac", { language });
  it.each([
    ["sh", curlSample(target("landingpage", "token", { language }))],
    ["sh", curlSample(website)],
    ["js", javascriptSample(website)],
    ["php", phpSample(website)],
  ])("in %s", (syntax, sample) => {
    expect(examples(language, "webhooks.md", syntax).map(({ code }) => code)).toContain(sample);
  });
});

describe("Sample code", () => {
  // Names that are code elsewhere.
  const hostile = ["'; exit 9 #", '"${x}', "$key `id`", "__proto__", "a\\'b", "Größe"];
  const lead = hostile.reduce<Record<string, unknown>>(
    (made, name) => Object.fromEntries([...Object.entries(made), [name, { [name]: [name, 1, null, true] }]]),
    {},
  );

  it("keeps a lead in curl as it is", () => {
    const code = curlSample(target("s", "hmac", { lead })).split("\n")[0] ?? "";
    const body = execFileSync("sh", ["-c", `${code}; printf %s "$body"`], { encoding: "utf8" });
    expect(JSON.parse(body)).toEqual(lead);
  });

  it("keeps a lead in JavaScript as it is", () => {
    const code = javascriptSample(target("s", "none", { lead, key: "body_hash" }));
    const body = /const body = ([\s\S]*?\n\}\));\n/.exec(code)?.[1] ?? "";
    const printed = execFileSync(process.execPath, ["-e", `process.stdout.write(${body})`], {
      encoding: "utf8",
    });
    expect(printed).toBe(JSON.stringify(lead));
  });

  it.skipIf(!hasPhp)("keeps a lead in PHP as it is", () => {
    const code = phpSample(target("s", "none", { lead, key: "body_hash" }));
    const body = /\$body = ([\s\S]*?THROW_ON_ERROR\));/.exec(code)?.[1] ?? "";
    const printed = execFileSync("php", ["-r", `echo ${body};`], { encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual(lead);
  });

  it.skipIf(!hasPhp).each(auths)("is valid PHP for credentials of kind %s", (auth) => {
    execFileSync("php", ["-l"], { input: phpSample(target("s", auth)) });
  });

  it.each(auths)("is a chain of n8n nodes for credentials of kind %s", (auth) => {
    const { nodes, connections } = JSON.parse(n8nSample(target("website", auth))) as {
      nodes: { id: string; name: string; type: string; parameters: Record<string, unknown> }[];
      connections: Record<string, { main: { node: string }[][] }>;
    };
    const signing = auth === "hmac" ? ["n8n-nodes-base.set", "n8n-nodes-base.crypto"] : [];
    expect(nodes.map(({ type }) => type)).toEqual([
      ...["n8n-nodes-base.manualTrigger", "n8n-nodes-base.set", ...signing, "n8n-nodes-base.httpRequest"],
    ]);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    const followed = nodes.slice(0, -1).map(({ name }) => connections[name]?.main[0]?.[0]?.node);
    expect(followed).toEqual(nodes.slice(1).map(({ name }) => name));
    const request = nodes.at(-1)?.parameters;
    expect(request).toMatchObject({ method: "POST", url: "http://localhost:8080/webhook/lead/website" });
    const authentication = auth === "token" ? "genericCredentialType" : undefined;
    expect(request?.["authentication"]).toBe(authentication);
  });

  it("has a variable for every name that a source may have", () => {
    expect(secretVariable("website", proofOf("hmac"))).toBe("WEBSITE_SECRET");
    expect(secretVariable("2nd.web-site", proofOf("token"))).toBe("SOURCE_2ND_WEB_SITE_TOKEN");
  });

  it("has the key, the person and the schema's example where the source looks for them", () => {
    const source = {
      ...openSource("s"),
      key: { kind: "pointer", pointer: "/meta/id" } as const,
      person: { email: "/contact/mail", phone: null },
      schema: { examples: [{ product: 7 }] },
    };
    expect(exampleLeadOf(source)).toEqual({
      product: 7,
      meta: { id: "first-lead" },
      contact: { mail: "erika@example.com" },
    });
  });
});

// The documentation's example from end to end, as its page says it: a lead of Meta becomes a contact in HubSpot and a mail to
// the team that it is for.
import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { apiClient } from "../support/api-client.ts";
import type { TestConfiguration } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import { until, useDeliveryScene } from "../support/delivery-scene.ts";
import { examples, languages } from "../support/documentation.ts";
import type { DocumentationLanguage } from "../support/documentation.ts";
import { startHubspotDouble } from "../support/hubspot-double.ts";
import { startMailDouble } from "../support/mail-double.ts";
import { startVendorInterface } from "../support/vendor-interfaces.ts";
import { metaBody, metaHeaders } from "../support/vendor-requests.ts";
import { postLead } from "../support/webhook-client.ts";

const env = {
  META_APP_SECRET: "planted-app-secret",
  META_VERIFY_TOKEN: "planted-verify-token",
  META_PAGE_TOKEN: "planted-page-token",
  HUBSPOT_SERVICE_KEY: "planted-service-key",
  MAIL_PASSWORD: "planted-mail-password",
};

interface Entries {
  readonly sources: Record<string, object>;
  readonly destinations: Record<string, { readonly kind: string }>;
}

/** The page's blocks as one file, whose outside world is somewhere else. */
async function configurationOf(
  language: DocumentationLanguage,
  at: { readonly graph: string; readonly hubspot: string; readonly mailPort: number },
): Promise<TestConfiguration> {
  const blocks = examples(language, "meta-to-hubspot.md", "yaml").map(({ code }) => parse(code) as Entries);
  const sources = Object.assign({}, ...blocks.map((block) => block.sources)) as Entries["sources"];
  const destinations = Object.assign(
    {},
    ...blocks.map((block) => block.destinations),
  ) as Entries["destinations"];
  const local = { allow_private: true };
  for (const source of Object.values(sources)) Object.assign(source, local, { base_url: at.graph });
  for (const destination of Object.values(destinations))
    Object.assign(
      destination,
      local,
      destination.kind === "hubspot"
        ? { base_url: at.hubspot }
        : { smtp: `127.0.0.1:${at.mailPort}`, security: "none" },
    );
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env,
    kinds: builtInKinds,
    readFile: () => Promise.resolve(Buffer.from(stringify({ sources, destinations }))),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { sources: loaded.configuration.sources, destinations: loaded.configuration.destinations };
}

describeOnOneServer("The documentation's way from Meta to HubSpot", (server) => {
  const scene = useDeliveryScene(server);

  it.each(languages)("ends in a contact and a mail to the right team (%s)", async (language) => {
    const postalCodes = new Map([
      ["81", "20095"],
      ["82", "80331"],
    ]);
    const graph = await startVendorInterface(({ path }) => {
      const id = /^\/v[\d.]+\/(\d+)\?/.exec(path)?.[1] ?? "";
      const answers = {
        full_name: "Jürgen Groß",
        email: `j${id}@beispiel.de`,
        post_code: postalCodes.get(id),
      };
      const fields = Object.entries(answers).map(([name, value]) => ({ name, values: [value] }));
      return { body: { id, created_time: "2026-11-29T10:00:00+0000", field_data: fields } };
    });
    const hubspot = await startHubspotDouble();
    const mail = await startMailDouble({ login: { user: "leads@example.com", password: env.MAIL_PASSWORD } });
    for (const close of [() => graph.close(), () => hubspot.close(), () => mail.stop()]) scene.onEnd(close);
    const at = { graph: graph.url, hubspot: hubspot.url, mailPort: mail.port };
    const node = await scene.startNode(await configurationOf(language, at));
    const ids = [...postalCodes.keys()];
    const notices = ids.map((id) => `{"leadgen_id":"${id}","form_id":"77","created_time":1764410400}`);
    const body = Buffer.from(metaBody(notices));
    const headers = metaHeaders({ secret: env.META_APP_SECRET, body, atMs: 0, url: "" });
    const post = { path: "/webhook/lead/meta", body: body.toString(), headers: { ...headers } };
    expect((await postLead(node.url, post)).status).toBe(200);
    await until("all have arrived", () => hubspot.contacts.length === 2 && mail.mails.length === 2);
    expect(hubspot.contacts.map(({ properties }) => properties).toSorted(byEmail)).toMatchObject([
      { email: "j81@beispiel.de", lastname: "Groß", zip: "20095" },
      { email: "j82@beispiel.de", firstname: "Jürgen", zip: "80331" },
    ]);
    const [north = "", south = ""] = language === "de" ? ["nord", "sued"] : ["north", "south"];
    const sent = mail.mails.map(({ to, raw }) => [to.join(), /j8[12]@beispiel\.de/.exec(raw)?.[0]]);
    expect(sent.toSorted()).toEqual([
      [`${north}@example.com`, "j81@beispiel.de"],
      [`${south}@example.com`, "j82@beispiel.de"],
    ]);
    await until("all is settled", async () => {
      const open = await scene.value<string>("SELECT count(*) FROM runs WHERE status <> 'processed'");
      return Number(open) === 0;
    });
    const [run] = await scene.rows<{ run_id: string }>("SELECT run_id FROM runs LIMIT 1");
    const { json } = await apiClient(node.url).get(`/runs/${run?.run_id ?? ""}`);
    const links = (json["deliveries"] as readonly { readonly remote_url: string | null }[]).map(
      ({ remote_url: url }) => url,
    );
    expect(links.some((url) => url?.includes("hubspot.com/contacts/") === true)).toBe(true);
    expect(await scene.brokenStories()).toEqual([]);
  });
});

type Properties = Readonly<Record<string, string>>;

function byEmail(one: Properties, other: Properties): number {
  return (one["email"] ?? "").localeCompare(other["email"] ?? "");
}

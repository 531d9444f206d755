// Before the first lead: what Meta and LinkedIn say about a source's token, subscription and access.
import { expect, it } from "vitest";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { useDeliveryScene } from "../support/delivery-scene.ts";
import { graphError, startVendorInterface } from "../support/vendor-interfaces.ts";
import type { InterfaceAnswer, InterfaceRequest } from "../support/vendor-interfaces.ts";

const token = "planted-page-token-EAAG";
const page = "10499654448812345";

interface Item {
  readonly item: string;
  readonly state: string;
  readonly found: string;
  readonly todo: string | null;
}

/** Graph API of a page where everything is right, but for what `changes` answers. */
function graph(changes: Readonly<Record<string, unknown>> = {}) {
  const headers = { "facebook-api-version": "v26.0" };
  const bodies: Readonly<Record<string, unknown>> = {
    "/v26.0/me": `{"id":${page},"name":"Möbel Köln"}`,
    [`/v26.0/${page}/subscribed_apps`]: {
      data: [{ id: "7", name: "Unsere App", subscribed_fields: ["feed", "leadgen"] }],
    },
    [`/v26.0/${page}`]: {
      id: page,
      has_lead_access: { can_access_lead: true, app_has_leads_permission: true },
    },
    ...changes,
  };
  return ({ path }: InterfaceRequest): InterfaceAnswer => {
    const found = bodies[path.split("?")[0] ?? ""];
    return typeof found === "function" ? (found as () => InterfaceAnswer)() : { headers, body: found ?? {} };
  };
}

describeOnEachServer("A source whose vendor is asked before the first lead", (server) => {
  const scene = useDeliveryScene(server);

  async function start(entry: (url: string) => object, how: (request: InterfaceRequest) => InterfaceAnswer) {
    const vendor = await startVendorInterface(how);
    scene.onEnd(() => vendor.close());
    const node = await scene.startNode({ destinations: [] });
    const api = apiClient(node.url);
    const made = await api.post("/sources", {
      name: "asked",
      secret: "planted-app-secret",
      to: [],
      base_url: vendor.url,
      allow_private: true,
      ...entry(vendor.url),
    });
    expect(made.status).toBe(201);
    const check = async (): Promise<readonly Item[]> => {
      const { status, json } = await api.post("/sources/asked/check", {});
      expect(status).toBe(200);
      expect(JSON.stringify(json)).not.toContain(token);
      for (const { path, headers } of vendor.requests) {
        expect(path).not.toContain(token);
        expect(headers.authorization).toBe(`Bearer ${token}`);
      }
      return json["items"] as readonly Item[];
    };
    return { vendor, api, check };
  }
  const states = (items: readonly Item[]) => items.map(({ item, state }) => `${item} ${state}`);
  const meta = () => ({ kind: "meta-lead-ads", page_token: token, verify_token: "our own words for Meta" });

  it("is told by Meta that all is well, and what is missing where it is not", async () => {
    const { vendor, check } = await start(meta, graph());
    const items = await check();
    expect(states(items)).toEqual(["verify_token ok", "token ok", "subscription ok", "leads_access ok"]);
    expect(items[1]?.found).toContain(`Möbel Köln (${page})`);
    expect(vendor.requests.map(({ path }) => path)).toContain(
      `/v26.0/${page}/subscribed_apps?fields=id,name,subscribed_fields`,
    );

    vendor.answer(graph({ [`/v26.0/${page}/subscribed_apps`]: { data: [] } }));
    const [, , unsubscribed] = await check();
    expect(unsubscribed).toMatchObject({
      item: "subscription",
      state: "wrong",
      found: "No app is subscribed to this page.",
    });
    expect(unsubscribed?.todo).toContain(`POST /${page}/subscribed_apps?subscribed_fields=leadgen`);

    const refused = {
      can_access_lead: false,
      failure_reason: `no access for ${token}`,
      failure_resolution: "Assign it.",
    };
    vendor.answer(graph({ [`/v26.0/${page}`]: { has_lead_access: refused } }));
    expect((await check()).at(-1)).toMatchObject({
      state: "wrong",
      found: "Leads of this page may not be fetched. no access for *** Assign it.",
    });

    vendor.answer(graph({ [`/v26.0/${page}`]: {} }));
    expect((await check()).at(-1)).toMatchObject({ item: "leads_access", state: "unknown" });

    vendor.answer(graphError(190, 463, `Error validating access token ${token}`));
    expect(states(await check())).toEqual(["verify_token ok", "token wrong"]);
    vendor.answer(() => ({ status: 503, body: "out of order" }));
    expect(states(await check())).toEqual(["verify_token ok", "token unknown"]);
    await vendor.close();
    expect(states(await check())).toEqual(["verify_token ok", "token unknown"]);
  });

  it("is told by LinkedIn, for each owner it lists, and there is nobody to ask for other kinds", async () => {
    const entry = () => ({
      kind: "linkedin-lead-sync",
      access_token: token,
      organizations: ["urn:li:organization:12", "urn:li:sponsoredAccount:34"],
    });
    const { vendor, api, check } = await start(entry, ({ path }) => ({
      body: {
        elements: path.includes("sponsoredAccount")
          ? []
          : [{ id: 1, webhook: "https://leads.example/webhook/lead/asked" }],
      },
    }));
    expect(states(await check())).toEqual(["token ok", "subscription ok", "subscription wrong"]);
    expect(vendor.requests.map(({ path }) => path)[1]).toBe(
      "/rest/leadNotifications?q=criteria&owner=(value:(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A34))&leadType=(leadType:SPONSORED)",
    );
    vendor.answer(() => ({ status: 401, body: { message: "expired" } }));
    expect(states(await check())).toEqual(["token wrong"]);
    await api.post("/sources", { name: "plain", auth: { kind: "token" }, to: [] });
    expect((await api.post("/sources/plain/check", {})).json).toEqual({ items: [] });
    expect((await api.post("/sources/nobody/check", {})).json).toMatchObject({ code: "source_not_found" });
  });
});

// The kinds of source that there are, and one that a test adds, behave as every source must.
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { portal, portalHeaders } from "../support/portal-source.ts";
import { signedHeaders } from "../support/webhook-client.ts";
import { describeSourceKind } from "./source.ts";

const one = { kinds: builtInKinds, leadsMax: 1, body: ([lead = ""]: readonly string[]) => lead } as const;

describeSourceKind("hmac", {
  ...one,
  entry: (secret) => ({ auth: { kind: "hmac", secret } }),
  headers: (secret, body, atMs) => signedHeaders(secret, body.toString(), atMs),
  isTimed: true,
});

describeSourceKind("token", {
  ...one,
  entry: (secret) => ({ auth: { kind: "token", secret } }),
  headers: (secret) => ({ authorization: `Bearer ${secret}` }),
  isTimed: false,
});

describeSourceKind("none", {
  ...one,
  entry: () => ({ auth: { kind: "none" } }),
  headers: null,
  isTimed: false,
});

describeSourceKind("portal, which is added", {
  kinds: { ...builtInKinds, sources: [...builtInKinds.sources, portal] },
  entry: (secret) => ({ kind: "portal", secret }),
  headers: portalHeaders,
  isTimed: true,
  body: (leads) => `{"messages":[${leads.join(",")}]}`,
  leadsMax: "several",
});

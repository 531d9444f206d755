// What the tests use of oidc-provider, which brings no types of its own.
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly ClientCredentials: {
      find(token: string): Promise<{ readonly scope?: string; destroy(): Promise<void> } | undefined>;
    };
  }
}

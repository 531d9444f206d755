// What a dry run shows: the request as it is sent, without what would let somebody else send it.
import { describe, expect, it } from "vitest";
import { deliveryRequest, showRequest } from "../../../src/kinds/destinations/http/request.ts";
import { httpDestination } from "../../support/http-destination.ts";

describe("A request that is shown", () => {
  it("hides configured headers, the query's values and tokens in the path, and shows the rest", () => {
    const destination = httpDestination(
      "https://user:password@hooks.example/catch/123456/aB3dE5fG7hI9jK1lM3?api_key=geheim&v=2",
      { headers: { Authorization: "Bearer geheim", "X-Team": "inbound" }, secret: "signing-secret" },
    );
    const request = deliveryRequest(
      destination,
      { runId: "r", attempt: 1, revision: null, body: '{"name":"Jürgen"}' },
      0,
    );
    expect(request.path).toContain("api_key=geheim");
    expect(request.headers).toMatchObject({ authorization: "Bearer geheim" });
    const shown = showRequest(request, destination);
    expect(shown.url).toBe("https://hooks.example/catch/123456/***?api_key=***&v=***");
    expect(shown.headers).toMatchObject({
      host: "hooks.example",
      authorization: "***",
      "x-team": "***",
      "webhook-id": "r:crm",
      "content-length": "18",
    });
    expect(shown.headers["webhook-signature"]).toMatch(/^v1,/);
    expect(JSON.stringify(shown)).not.toMatch(/geheim|password|inbound|signing-secret/);
  });
});

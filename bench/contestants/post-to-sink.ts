// How peers deliver: a POST with a kept-alive connection, anything but 2xx is a failure.
import { Agent, request } from "undici";

const agent = new Agent({ connections: 64, pipelining: 1 });

export async function postToSink(url: string, lead: unknown): Promise<void> {
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lead),
  });
  await body.dump();
  if (statusCode < 200 || statusCode > 299) throw new Error(`the sink answered ${statusCode}`);
}

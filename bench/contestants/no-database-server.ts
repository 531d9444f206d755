// Ceiling: node:http alone, reading the body and answering the same JSON.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  request.on("data", () => undefined);
  request.on("end", () => {
    const body = `{"status":"accepted","run_id":"${randomUUID()}"}`;
    response
      .writeHead(202, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
      .end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.once("disconnect", () => process.exit(1));
  process.send?.({ port: (server.address() as AddressInfo).port });
});

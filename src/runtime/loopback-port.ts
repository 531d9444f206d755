// A port on the loopback address that nobody else uses.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

export const loopbackHost = "127.0.0.1";

export async function choosePort(): Promise<number> {
  for (;;) {
    const port = randomInt(portRange.from, portRange.to);
    if (await isPortFree(port)) return port;
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => {
      resolve(false);
    });
    probe.listen({ host: loopbackHost, port, exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/** Below the range from which systems take ports for outgoing connections. */
const portRange = { from: 20_000, to: 30_000 };

// The process that makes the load: takes one order from its parent, says when it is ready, and reports at the end.
import { runClosedLoop } from "./closed-loop.ts";
import { runOpenLoop } from "./open-loop.ts";
import type { LoadOrder } from "./order.ts";

process.once("disconnect", () => process.exit(1));
process.once("message", (order: LoadOrder) => {
  run(order).then(
    (report) => process.send?.({ kind: "result", result: report }),
    (error: unknown) => process.send?.({ kind: "failed", message: String(error) }),
  );
});

function run(order: LoadOrder): ReturnType<typeof runClosedLoop> {
  const { load } = order;
  switch (load.kind) {
    case "closed":
      return runClosedLoop(order, load, ready);
    case "open":
      return runOpenLoop(order, load, ready);
  }
}

/** The parent may want everything quiet (a checkpoint, a look at the process) before the clock starts. */
function ready(): Promise<void> {
  return new Promise((resolve) => {
    process.once("message", () => resolve());
    process.send?.({ kind: "ready" });
  });
}

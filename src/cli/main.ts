#!/usr/bin/env node
// The command line's outermost shell. What serves runs in a thread of its own (serving-thread.ts); everything else here.
for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);

const argv = process.argv.slice(2);

// Imported only where needed: a program that is loaded twice takes its memory twice.
if (argv.includes("serve")) {
  const { runInServingThread } = await import("./serving-thread.ts");
  process.exit(await runInServingThread(argv));
} else {
  const { end, runCommand } = await import("./run-command.ts");
  await end(await runCommand(argv, process.stdout, process.stderr));
}

/** Whoever read our output (`| head`) has seen enough: no reason to stop half-way through closing the database. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
}

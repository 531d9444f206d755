#!/usr/bin/env bash
# npm packages @nats-io/transport-node and @nats-io/jetstream 3.4.0; nats-server 2.9.10 (Debian 12's package).
# On a server whose JetStream is enabled, `jetstream(nc).publish(subject)` to a subject that no stream takes rejects with
# the message "jetstream is not enabled" (JetStreamNotEnabled, a class that the package does not export). Whoever reads it
# looks at the server's configuration; what is missing is a stream, or its subject. The same error comes from an account
# without JetStream; to tell them apart one must ask for the stream: `jsm.streams.find(subject)` then rejects with code
# 10059, "no stream matches subject".
# Wrong guess: that the message, or the name, says which of the two it is.
# Exits non-zero where that is no longer so, 77 where the server is missing.
set -u
[ -x /usr/sbin/nats-server ] || { echo "nats-server is missing (apt-get install nats-server)"; exit 77; }
folder="$(mktemp -d)"
port=$((20000 + RANDOM % 20000))
npm install --silent --prefix "$folder" --no-save @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0 >/dev/null || exit 1
cd "$folder" || exit 1
/usr/sbin/nats-server --version
/usr/sbin/nats-server -a 127.0.0.1 -p "$port" -js -sd "$folder/store" >"$folder/log" 2>&1 &
server=$!
trap 'kill "$server"; wait "$server" 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 50); do sleep 0.1; grep -q "Server is ready" "$folder/log" && break; done
cat >seen.mjs <<'SCRIPT'
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
const nc = await connect({ port: Number(process.argv[2]) });
const jsm = await jetstreamManager(nc);
await jsm.streams.add({ name: "leads", subjects: ["leads.>"] });
const stored = await jetstream(nc).publish("leads.new", "1");
const nobody = await jetstream(nc).publish("orders.new", "1").catch((e) => `${e.name}: ${e.message}`);
const asked = await jsm.streams.find("orders.new").catch((e) => e.code);
await nc.close();
const said = [stored.seq, nobody, asked];
console.log(JSON.stringify(said));
process.exit(JSON.stringify(said) === '[1,"JetStreamNotEnabled: jetstream is not enabled",10059]' ? 0 : 1);
SCRIPT
node seen.mjs "$port"

#!/usr/bin/env bash
# npm packages nodemailer 10.6.1 and smtp-server 3.21.6, on Node.js.
# A transport with `auth: { user, pass }` signs in only where the server's answer to EHLO lists AUTH. Where it does not (a
# relay that knows the network, or a port on which signing in is switched off) the mail is sent all the same, without
# signing in, and neither `sendMail` nor `verify` says so; `forceAuth: true`, which the typings have and most guides do
# not name, makes it an error.
# Wrong guess: whoever gives credentials to a transport has signed in when `sendMail` fulfils.
# Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
npm install --silent --prefix "$folder" --no-save nodemailer@10.6.1 smtp-server@3.21.6 >/dev/null
cd "$folder"
cat >seen.mjs <<'SCRIPT'
import { once } from "node:events";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";
const users = [];
const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  onData(stream, session, done) {
    users.push(session.user ?? "nobody");
    stream.resume().on("end", () => done(null, "taken"));
  },
});
server.listen(0, "127.0.0.1");
await once(server.server, "listening");
const send = async (more) => {
  const { port } = server.server.address();
  const auth = { user: "leads@example.test", pass: "secret" };
  const transport = nodemailer.createTransport({ host: "127.0.0.1", port, secure: false, auth, ...more });
  const mail = { from: "a@example.test", to: "b@example.test", text: "hello" };
  return [await transport.verify().catch((e) => e.code), await transport.sendMail(mail).then((i) => i.response, (e) => e.code)];
};
const said = [await send({}), await send({ forceAuth: true }), users];
console.log(JSON.stringify(said));
server.close();
process.exit(JSON.stringify(said) === '[[true,"250 taken"],["EAUTH","EAUTH"],["nobody"]]' ? 0 : 1);
SCRIPT
node seen.mjs

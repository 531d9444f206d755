#!/usr/bin/env bash
# npm packages standardwebhooks 1.1.1 and svix 2.5.0, on Node.js. Both verify the same signature with the same class name
# and call, Webhook.verify(body, headers), and svix is what Standard Webhooks came from.
# - svix returns nothing, whatever the body is: the event must be parsed by whoever called.
# - standardwebhooks returns the body parsed as JSON. So a well-signed body that is no JSON throws SyntaxError, which is
#   not the error of a wrong signature; and ids of more than 15 digits come out rounded.
# - svix takes the headers webhook-* and svix-*, standardwebhooks only webhook-*.
# Wrong guess: one package can stand in for the other, and `event = webhook.verify(body, headers)` is the event.
# Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact --engine-strict=false standardwebhooks@1.1.1 svix@2.5.0 >/dev/null
node -e '
const { Webhook: Standard } = require("standardwebhooks");
const { Webhook: Svix } = require("svix");
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const sentAt = new Date();
const verified = (Package, names, body) => {
  const webhook = new Package(secret);
  const headers = {
    [`${names}-id`]: "msg_1",
    [`${names}-timestamp`]: String(Math.floor(sentAt / 1000)),
    [`${names}-signature`]: webhook.sign("msg_1", sentAt, body),
  };
  try {
    return JSON.stringify(webhook.verify(body, headers)) ?? "nothing";
  } catch (error) {
    return `throws ${error.constructor.name}`;
  }
};
const said = [
  [Svix, "svix", "{\"id\":12345678901234567891}", "nothing"],
  [Svix, "webhook", "name=Erika", "nothing"],
  [Standard, "webhook", "{\"id\":12345678901234567891}", "{\"id\":12345678901234567000}"],
  [Standard, "webhook", "name=Erika", "throws SyntaxError"],
  [Standard, "svix", "{}", "throws WebhookVerificationError"],
].map(([Package, names, body, expected]) => {
  const found = verified(Package, names, body);
  console.log(Package === Svix ? "svix" : "standardwebhooks", names, body, "->", found);
  return found === expected;
});
process.exit(said.every(Boolean) ? 0 : 1);'

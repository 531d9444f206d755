// Postfix and Dovecot for tests, where Debian's packages are installed: mail is sent to a real server, and read back over
// IMAP. Both run in a folder of their own on free ports; Postfix needs root, who starts it as several users.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";
import { until } from "./until.ts";

const master = "/usr/lib/postfix/sbin/master";
const dovecot = "/usr/sbin/dovecot";
const tls = join(import.meta.dirname, "tls");

export const hasMailServer: boolean =
  process.getuid?.() === 0 &&
  (await Promise.all([access(master), access(dovecot)]).then(
    () => true,
    () => false,
  ));
if (!hasMailServer)
  console.log("Postfix and Dovecot are not installed, or this is not root: tests with them are skipped.");

/** Its certificate is for `crm.test`, by an authority of its own: `tls/crm.test.cert.pem`. */
export interface MailServer {
  /** STARTTLS; who signs in may send anywhere, everybody to `@example.test`. */
  readonly port: number;
  readonly tlsPort: number;
  readonly user: string;
  readonly password: string;
  /** Raw mails in the mailbox `sales@example.test`, the oldest first. */
  mails(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Mails may not be larger. */
const messageSizeMaxBytes = 50_000;
const user = "sales@example.test";
const password = "mail-password";

/** `grey@example.test` is put off once; `nobody@example.test` is unknown; mails that say EICAR are refused. */
export async function startMailServer(): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-mail-"));
  // Its parts run as several users.
  await chmod(folder, 0o755);
  const ports = { smtp: 0, smtps: 0, imap: 0, auth: 0 };
  for (const name of ["smtp", "smtps", "imap", "auth"] as const) ports[name] = await choosePort();
  const policy = await startGreylisting();
  await prepare(folder, ports, (policy.address() as AddressInfo).port);
  await promisify(execFile)("/usr/sbin/postfix", ["-c", join(folder, "etc"), "check"]);
  const programs = [
    spawn(master, ["-c", join(folder, "etc")], { stdio: "ignore" }),
    spawn(dovecot, ["-F", "-c", join(folder, "dovecot.conf")], { stdio: "ignore" }),
  ];
  for (const port of Object.values(ports)) await until("the mail server to listen", () => listens(port));
  return {
    port: ports.smtp,
    tlsPort: ports.smtps,
    user,
    password,
    mails: () => fetchMails(ports.imap),
    async close() {
      for (const program of programs) {
        const ended = once(program, "exit");
        program.kill("SIGTERM");
        await ended;
      }
      policy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Ports = Readonly<Record<"smtp" | "smtps" | "imap" | "auth", number>>;

async function prepare(folder: string, ports: Ports, policyPort: number): Promise<void> {
  for (const name of ["etc", "spool", "data", "mail"]) await mkdir(join(folder, name));
  const [postfix, nobody] = [await idOf("postfix"), await idOf("nobody")];
  await chown(join(folder, "data"), postfix, 0);
  await chown(join(folder, "mail"), nobody, nobody);
  await writeFile(join(folder, "users"), `${user}:${password}\n`);
  await writeFile(join(folder, "etc/main.cf"), mainOf(folder, ports, { policyPort, nobody }));
  await writeFile(join(folder, "etc/master.cf"), masterOf(ports));
  await writeFile(join(folder, "dovecot.conf"), dovecotOf(folder, ports, nobody));
}

async function idOf(name: string): Promise<number> {
  const { stdout } = await promisify(execFile)("id", ["-u", name]);
  return Number(stdout);
}

function mainOf(
  folder: string,
  { auth }: Ports,
  { policyPort, nobody }: { readonly policyPort: number; readonly nobody: number },
): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.test
mydestination =
inet_interfaces = ${loopbackHost}
inet_protocols = ipv4
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/mail.log
alias_maps =
local_recipient_maps =
message_size_limit = ${messageSizeMaxBytes}
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = inline:{ ${user}=sales/ grey@example.test=sales/ }
virtual_uid_maps = static:${nobody}
virtual_gid_maps = static:${nobody}
smtpd_tls_cert_file = ${tls}/crm.test.cert.pem
smtpd_tls_key_file = ${tls}/crm.test.key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:${loopbackHost}:${auth}
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:${loopbackHost}:${policyPort}
smtpd_error_sleep_time = 0
header_checks = regexp:{ { /^Subject:.*EICAR/ REJECT 5.7.1 a virus } }
`;
}

function masterOf({ smtp, smtps }: Ports): string {
  return `${loopbackHost}:${smtp} inet n - n - - smtpd
${loopbackHost}:${smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

function dovecotOf(folder: string, { imap, auth }: Ports, nobody: number): string {
  return `base_dir = ${folder}/run
state_dir = ${folder}/run
protocols = imap
listen = ${loopbackHost}
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
log_path = ${folder}/dovecot.log
mail_location = maildir:${folder}/mail/%n
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${nobody} gid=${nobody} home=${folder}/mail/%n
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service auth {
  inet_listener {
    address = ${loopbackHost}
    port = ${auth}
  }
}
`;
}

/** Postfix's policy delegation protocol: attributes up to an empty line, and an action. */
async function startGreylisting(): Promise<Server> {
  const seen = new Set<string>();
  const server = createServer((socket) => {
    let asked = "";
    socket.on("error", () => undefined);
    socket.on("data", (part: Buffer) => {
      asked += part.toString("latin1");
      if (!asked.endsWith("\n\n")) return;
      const recipient = /^recipient=(.*)$/m.exec(asked)?.[1] ?? "";
      asked = "";
      const isNew = recipient.startsWith("grey@") && !seen.has(recipient);
      seen.add(recipient);
      socket.write(`action=${isNew ? "450 4.2.0 Greylisted, try again later" : "DUNNO"}\n\n`);
    });
  });
  await once(server.listen(0, loopbackHost), "listening");
  server.unref();
  return server;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, loopbackHost);
    socket.once("connect", () => resolve(socket.destroy() instanceof Object));
    socket.once("error", () => resolve(false));
  });
}

/** RFC 9051, as much as it takes: sign in, open the folder, fetch everything. */
async function fetchMails(port: number): Promise<readonly string[]> {
  const socket = connect(port, loopbackHost);
  let said = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    said += part;
  });
  const ask = (tag: string, command: string) => answered(socket, () => said, tag, command);
  await ask("a", `LOGIN ${user} ${password}`);
  await ask("b", "SELECT INBOX");
  said = "";
  const answer = await ask("c", "FETCH 1:* (BODY.PEEK[])");
  socket.destroy();
  return literalsIn(answer);
}

async function answered(socket: Socket, said: () => string, tag: string, command: string): Promise<string> {
  socket.write(`${tag} ${command}\r\n`);
  await until(`IMAP to answer ${command.split(" ", 1)[0] ?? ""}`, () =>
    Promise.resolve(new RegExp(`(?:^|\\r\\n)${tag} (?:OK|NO|BAD) `).test(said())),
  );
  return said();
}

function literalsIn(answer: string): readonly string[] {
  const mails: string[] = [];
  let at = 0;
  for (;;) {
    const found = /BODY\[\] \{(\d+)\}\r\n/.exec(answer.slice(at));
    if (found === null) return mails;
    const begin = at + found.index + found[0].length;
    const end = begin + Number(found[1]);
    mails.push(Buffer.from(answer.slice(begin, end), "latin1").toString("utf8"));
    at = end;
  }
}

// One conversation with a mail server: connect, encrypt, sign in, hand over (RFC 5321, 3207, 4954). The socket comes from the
// guard; nodemailer speaks over it.
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { failure } from "../../../domain/destinations/outcome.ts";
import { AttemptFailed, ConnectError } from "../../../outgoing/connect-error.ts";
import type { Connector } from "../../../outgoing/connector.ts";
import type { Mail } from "./mail.ts";
import type { MailAccount } from "./mail-account.ts";
import { readReply, refusalOf, withoutSecrets } from "./reply.ts";
import type { SmtpStage } from "./reply.ts";
import { parseSmtpServer } from "./smtp-server.ts";

export interface Accepted {
  /** What the server said when it took the mail. */
  readonly reply: string;
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly address: string;
  readonly reply: string;
}

export interface Conversation {
  /** `host:port` of whom it is with. */
  readonly peer: string;
  /** Rejects with {@link AttemptFailed}. `sending`: from now on the server may have the mail without our knowing. */
  hand(mail: Mail, sending: () => void): Promise<Accepted>;
  /** Whether the server may have a mail about which it has said nothing. */
  readonly isUncertain: boolean;
  /** Says goodbye, and does not wait for an answer. */
  end(): void;
  /** At once. */
  drop(): void;
}

export interface Introduction {
  /** What we are called; null: as the machine is. */
  readonly name: string | null;
  /** null: with the password, if there is a user. */
  readonly token: string | null;
}

const closeMs = 1_000;
const replyMaxBytes = 64 * 1_024;

/** Ready to be handed a mail. Rejects with {@link AttemptFailed} or {@link ConnectError}. `over`: aborted, it is dropped. */
export async function converse(
  account: MailAccount,
  connector: Connector,
  { name, token }: Introduction,
  over: AbortSignal,
): Promise<Conversation> {
  const server = parseSmtpServer(account.server);
  if (server === null) throw new TypeError("a mail server that configuration has not seen");
  const { host, port } = server;
  const security = securityOf(account, server.beginsWithTls);
  const ca = security === "none" ? undefined : await connector.authorities();
  const socket = await connector.connect({ hostname: host, port, secure: false });
  const { timeoutMs } = account;
  const connection = new SMTPConnection({
    host,
    port,
    connection: socket,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(name === null ? {} : { name }),
    ...(token === null ? {} : { customAuth: { [byToken]: signInBy(token) } }),
    // The attempt has a deadline of its own; these only must not come before it.
    connectionTimeout: 2 * timeoutMs,
    greetingTimeout: 2 * timeoutMs,
    socketTimeout: 2 * timeoutMs,
    socketCloseTimeout: closeMs,
    maxResponseSize: replyMaxBytes,
    logger: false,
  });
  const talk = new Talk(account, connection, `${host}:${port}`, () => socket.destroy());
  over.addEventListener("abort", () => talk.drop(), { once: true });
  if (over.aborted) talk.drop();
  try {
    await talk.begin();
    await talk.signIn(token !== null);
    return talk;
  } catch (error) {
    talk.drop();
    throw error;
  }
}

function securityOf({ security }: MailAccount, beginsWithTls: boolean): "tls" | "starttls" | "none" {
  if (security === "none") return "none";
  return security === "tls" || (security === "auto" && beginsWithTls) ? "tls" : "starttls";
}

type SignInHandler = NonNullable<SMTPConnection.Options["customAuth"]>[string];

/** Ours: under its own name XOAUTH2 gives way to whatever else the server offers, although there is a handler for it. */
const byToken = "BY-TOKEN";

/** XOAUTH2 as Google and Microsoft have it: what is wrong comes after a 334, and wants an empty line. */
function signInBy(token: string): SignInHandler {
  return async (asked) => {
    const sendCommand = (command: string) => asked.sendCommand(command);
    const said = `user=${asked.auth.user ?? ""}\u0001auth=Bearer ${token}\u0001\u0001`;
    const answer = await sendCommand(`AUTH XOAUTH2 ${Buffer.from(said, "utf8").toString("base64")}`);
    const last = answer.status === 334 ? await sendCommand("") : answer;
    if (last.status < 200 || last.status > 299) throw new Error("not signed in");
  };
}

class Talk implements Conversation {
  readonly peer: string;
  readonly #account: MailAccount;
  readonly #connection: SMTPConnection;
  readonly #destroy: () => void;
  readonly #lost: Promise<never>;
  #lose: (error: Error) => void = () => undefined;
  isUncertain = false;

  constructor(account: MailAccount, connection: SMTPConnection, peer: string, destroy: () => void) {
    this.#account = account;
    this.#connection = connection;
    this.peer = peer;
    this.#destroy = destroy;
    this.#lost = new Promise<never>((_resolve, reject) => {
      this.#lose = reject;
    });
    connection.on("error", (error: Error) => this.#lose(error));
    this.#lost.catch(() => undefined);
  }

  begin(): Promise<void> {
    return this.#step("greeting", (done) => this.#connection.connect((error) => done(error ?? null)));
  }

  async signIn(isByToken: boolean): Promise<void> {
    const { name, user, password } = this.#account;
    if (user === undefined) return;
    if (!this.#connection.allowsAuth)
      throw misfit(
        `${name}: the mail server does not let anybody sign in here; see the port and “Encryption”`,
      );
    const auth = { user, pass: password ?? "", ...(isByToken ? { method: byToken } : {}) };
    await this.#step("sign_in", (done) => this.#connection.login(auth, (error) => done(error)));
  }

  async hand({ from, to, raw }: Mail, sending: () => void): Promise<Accepted> {
    let info: SMTPConnection.SentMessageInfo | undefined;
    // Read only when the server has asked for it.
    const content = new Readable({
      read: () => {
        this.isUncertain = true;
        sending();
        content.push(raw);
        content.push(null);
      },
    });
    await this.#step("message", (done) =>
      this.#connection.send({ from, to: [...to], size: raw.length }, content, (error, sent) => {
        info = sent;
        done(error);
      }),
    );
    this.isUncertain = false;
    return { reply: info?.response ?? "", refused: refusedIn(info?.rejectedErrors ?? []) };
  }

  end(): void {
    this.#connection.quit();
    // quit() waits for the answer, and closes then.
    setTimeout(() => this.drop(), closeMs).unref();
  }

  drop(): void {
    this.#lose(new ConnectError("destination_timeout", "given up"));
    this.#connection.close();
    this.#destroy();
  }

  async #step(stage: SmtpStage, run: (done: (error: Error | null) => void) => void): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      run((error) => (error === null ? resolve() : reject(error)));
    });
    try {
      await Promise.race([ended, this.#lost]);
    } catch (error) {
      ended.catch(() => undefined);
      throw this.#failureOf(stage, error as Said);
    }
  }

  #failureOf(stage: SmtpStage, error: Said): Error {
    if (error instanceof ConnectError || error instanceof AttemptFailed) return error;
    const { name } = this.#account;
    const reply = typeof error.response === "string" ? readReply(error.response) : null;
    if (reply !== null && reply.code >= 400) {
      // It has said what becomes of the mail.
      this.isUncertain = false;
      return new AttemptFailed(refusalOf(name, stageOf(stage, error), withoutSecrets(reply, this.#account)));
    }
    if (this.#connection.upgrading === true || error.code === "ETLS" || isTls(error))
      return new ConnectError("destination_tls", error.message, error);
    if (error.code === "ETIMEDOUT") return new ConnectError("destination_timeout", error.message, error);
    if (error.code === "EPROTOCOL")
      return new AttemptFailed(
        failure(
          "destination_bad_response",
          `${name} did not answer as a mail server does (${error.message})`,
        ),
      );
    // The server has said how large one may be.
    if (error.code === "EMESSAGE")
      return new AttemptFailed(
        failure("destination_rejected", `${name}: the mail is too large (${error.message})`),
      );
    if (error.code === "EENVELOPE" || error.code === "EAUTH")
      return misfit(`${name} cannot be written to as it is configured (${error.message})`);
    return new ConnectError("destination_connection_lost", error.message, error);
  }
}

interface Said extends Error {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: unknown;
  readonly originalCode?: string | undefined;
}

function misfit(message: string): AttemptFailed {
  return new AttemptFailed(failure("destination_configuration", message));
}

/** nodemailer says which command it was; without one it was where we are. */
function stageOf(stage: SmtpStage, { command = "" }: Said): SmtpStage {
  if (command.startsWith("AUTH")) return "sign_in";
  switch (command) {
    case "STARTTLS":
      return "tls";
    case "MAIL FROM":
      return "sender";
    case "RCPT TO":
      return "recipient";
    default:
      return stage;
  }
}

function isTls({ originalCode = "" }: Said): boolean {
  return /^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|HOSTNAME_)/.test(originalCode);
}

function refusedIn(errors: readonly (Said & { readonly recipient?: string | undefined })[]): Refused[] {
  return errors.map(({ recipient = "", response }) => ({
    address: recipient,
    reply: readReply(String(response))?.text ?? "",
  }));
}

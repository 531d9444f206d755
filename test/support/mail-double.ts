// A mail server that answers as it is told: what real ones do on bad days.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { SMTPServerSession } from "smtp-server";

/** Absent members: it takes everything. A number: it refuses with that code; a text: with those words. */
export interface MailBehaviour {
  readonly greeting?: string;
  readonly sender?: string;
  /** By address; of one that is not named it takes everything. */
  readonly recipients?: Readonly<Record<string, string>>;
  /** What it says after the mail; `cut`: it hangs up instead. */
  readonly message?: string;
  readonly hangsAt?: "greeting" | "message";
  /** What it takes; absent: it offers no signing in. */
  readonly login?: { readonly user: string; readonly password?: string; readonly token?: string };
  /** What it says to who is not let in. */
  readonly refusal?: string;
  readonly tls?: "starttls" | "at_once" | "none";
  readonly tlsMaterial?: { readonly key: string; readonly cert: string };
}

export interface MailDouble {
  readonly port: number;
  /** As they came, accepted or not. */
  readonly mails: readonly { readonly raw: string; readonly from: string; readonly to: readonly string[] }[];
  readonly sessions: () => number;
  /** From now on. */
  behave(behaviour: MailBehaviour): void;
  stop(): Promise<void>;
}

export async function startMailDouble(first: MailBehaviour = {}): Promise<MailDouble> {
  let behaviour = first;
  let sessions = 0;
  const mails: { raw: string; from: string; to: readonly string[] }[] = [];
  const server: SMTPServer = new SMTPServer({
    secure: first.tls === "at_once",
    ...first.tlsMaterial,
    disabledCommands: [
      ...(first.tls === "starttls" || first.tls === "at_once" ? [] : ["STARTTLS"]),
      ...(first.login === undefined ? ["AUTH"] : []),
    ],
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ["PLAIN", "LOGIN", "XOAUTH2"],
    logger: false,
    closeTimeout: 1,
    onConnect(_session, callback) {
      sessions += 1;
      if (behaviour.hangsAt === "greeting") return;
      callback(refusal(behaviour.greeting));
    },
    onAuth(auth, _session, callback) {
      const { login } = behaviour;
      const isRight =
        login !== undefined &&
        auth.username === login.user &&
        (auth.method === "XOAUTH2" ? auth.accessToken === login.token : auth.password === login.password);
      if (isRight) callback(null, { user: login.user });
      else callback(refusal(behaviour.refusal ?? "535 5.7.8 Authentication failed"));
    },
    onMailFrom: (_address, _session, callback) => callback(refusal(behaviour.sender)),
    onRcptTo: ({ address }, _session, callback) => callback(refusal(behaviour.recipients?.[address])),
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        mails.push({ raw: Buffer.concat(parts).toString("utf8"), ...envelopeOf(session) });
        if (behaviour.hangsAt === "message") return;
        if (behaviour.message === "cut") hangUp(server);
        else if (behaviour.message?.startsWith("250 ") === true) callback(null, behaviour.message.slice(4));
        else callback(refusal(behaviour.message));
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    sessions: () => sessions,
    behave(next) {
      behaviour = next;
    },
    async stop() {
      if (!server.server.listening) return;
      hangUp(server);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function hangUp({ connections }: SMTPServer): void {
  for (const connection of connections) connection._socket.destroy();
}

function envelopeOf({ envelope }: SMTPServerSession) {
  const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
  return { from, to: envelope.rcptTo.map(({ address }) => address) };
}

/** `450 4.2.0 later` */
function refusal(words: string | undefined): Error | null {
  if (words === undefined) return null;
  return Object.assign(new Error(words.slice(4)), { responseCode: Number(words.slice(0, 3)) });
}

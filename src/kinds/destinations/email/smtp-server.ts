// How a configuration names the server that takes a mail: `smtp.example.com`, `smtp.example.com:587`, or an address
// `smtp://user:password@smtp.example.com:587`.

export interface SmtpServer {
  /** A name, or an address literal without brackets. */
  readonly host: string;
  readonly port: number;
  /** `smtps://`, and whatever is on the port that is for nothing else (RFC 8314 section 3.3). */
  readonly beginsWithTls: boolean;
  /** null: it names none. */
  readonly user: string | null;
  readonly password: string | null;
}

const submissionPort = 587;
const tlsPort = 465;

/** null: it is none. */
export function parseSmtpServer(text: string): SmtpServer | null {
  const said = text.trim();
  const scheme = /^(smtps?):\/\//i.exec(said)?.[1]?.toLowerCase() ?? null;
  if (scheme === null && /[/@\s]/.test(said)) return null;
  // "http" so that host and port are read as everywhere; its own port is written by nobody who means mail.
  const address = `http://${scheme === null ? said : said.slice(scheme.length + 3)}`;
  if (!URL.canParse(address)) return null;
  const { hostname, port, username, password, pathname, search, hash } = new URL(address);
  if (hostname === "" || !/^\/?$/.test(pathname) || search !== "" || hash !== "") return null;
  const isOnPort80 = /:80\/?$/.test(said);
  const written = port === "" ? (isOnPort80 ? 80 : null) : Number(port);
  if (written === 0) return null;
  const beginsWithTls = scheme === "smtps" || written === tlsPort;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: written ?? (beginsWithTls ? tlsPort : submissionPort),
    beginsWithTls,
    user: decoded(username),
    password: decoded(password),
  };
}

/** As it is stored and shown: without who signs in. */
export function formatSmtpServer({ host, port, beginsWithTls }: SmtpServer): string {
  const scheme = beginsWithTls && port !== tlsPort ? "smtps://" : "";
  return `${scheme}${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function decoded(text: string): string | null {
  if (text === "") return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

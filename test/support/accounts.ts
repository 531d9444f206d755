// People for tests: accounts with passwords, and browsers that are signed in.
import { createPasswords } from "../../src/accounts/password.ts";
import type { Role } from "../../src/domain/accounts/roles.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { createUser } from "../../src/ledger/accounts/users.ts";
import type { User } from "../../src/ledger/accounts/users.ts";
import { apiClient } from "./api-client.ts";
import type { ApiCall, ApiClient } from "./api-client.ts";
import { plant } from "./leak-watch.ts";
import type { Answer } from "./webhook-client.ts";

export const testPassword = "drei Ziegen zählen bis elf";
export const wrongPassword = "sieben Gänse, die niemand kennt";
const hashed = createPasswords().hash(testPassword);

/** With `testPassword`; the login is `<name>@example.com`. */
export async function makeUser(database: Database, name: string, role: Role): Promise<User> {
  const user = await createUser(database, "cli:test", {
    login: `${name}@example.com`,
    display_name: name,
    role,
    language: "en",
    clients: null,
    passwordHash: await hashed,
  });
  if (user === null) throw new Error(`there is a user ${name} already`);
  return user;
}

export interface Browser extends ApiClient {
  /** `leadledger_session_…=…` */
  readonly cookie: string;
}

/** Signs in over HTTP, and sends the cookie along from then on. */
export async function signIn(url: string, name: string, password = testPassword): Promise<Browser> {
  const answer = await trySignIn(url, name, password);
  if (answer.status !== 201) throw new Error(`signing in was answered ${answer.status} ${answer.text}`);
  return browserWith(url, cookieOf(answer));
}

export function trySignIn(url: string, name: string, password: string, call: ApiCall = {}): Promise<Answer> {
  plant([password]);
  return apiClient(url, null).post("/session", { login: `${name}@example.com`, password }, call);
}

export function cookieOf({ headers }: Answer): string {
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

export function browserWith(url: string, cookie: string): Browser {
  plant([cookie.replace(/^.*=/, "")]);
  const client = apiClient(url, null);
  const withCookie = (call: ApiCall = {}): ApiCall => ({ ...call, headers: { cookie, ...call.headers } });
  return {
    cookie,
    get: (path, call) => client.get(path, withCookie(call)),
    post: (path, body, call) => client.post(path, body, withCookie(call)),
    patch: (path, body, call) => client.patch(path, body, withCookie(call)),
    put: (path, body, call) => client.put(path, body, withCookie(call)),
    delete: (path, call) => client.delete(path, withCookie(call)),
  };
}

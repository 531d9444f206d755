// How this machine reaches what is outside, and what of it one destination may reach.
import { setMaxListeners } from "node:events";
import { readAuthorities } from "./authorities.ts";
import type { ConnectOptions } from "./guarded-connect.ts";
import type { ProxyRules } from "./proxy.ts";
import { sharedResolve, systemResolve } from "./resolve.ts";
import type { Resolve } from "./resolve.ts";

export interface OutgoingDeps {
  /** Default: the operating system's name service. */
  readonly resolve?: Resolve;
  /** Certificate authorities to trust, PEM, where the destination names no file of its own. */
  readonly ca?: string;
  /** Absent: none. */
  readonly proxy?: ProxyRules;
}

/** What a destination says about its network. */
export interface Reach {
  /** Loopback and private addresses, too. */
  readonly allowPrivate: boolean;
  /** For a connection: name, connecting, TLS handshake. */
  readonly timeoutMs: number;
  /** PEM file with the certificate authorities to trust; absent: those of the machine. */
  readonly caFile?: string | undefined;
}

/** `closing`: aborted, connections that are still being made are dropped. */
export function connectOptionsOf(reach: Reach, deps: OutgoingDeps, closing: AbortSignal): ConnectOptions {
  setMaxListeners(0, closing);
  return {
    allowPrivate: reach.allowPrivate,
    timeoutMs: reach.timeoutMs,
    resolve: sharedResolve(deps.resolve ?? systemResolve),
    ...authoritiesOf(reach, deps),
    ...(deps.proxy === undefined ? {} : { proxy: deps.proxy }),
    closing,
  };
}

function authoritiesOf({ caFile }: Reach, { ca }: OutgoingDeps): Pick<ConnectOptions, "ca"> {
  if (caFile !== undefined) return { ca: () => readAuthorities(caFile) };
  return ca === undefined ? {} : { ca: () => Promise.resolve(ca) };
}

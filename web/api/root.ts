// Where the dashboard is: a proxy may have put a path before all of ours, https://example.com/leads/.

/** With a slash at its end: `/`, `/leads/`. */
export const rootPath = findRoot();

/** Without one: "", `/leads`. */
export const basePath = rootPath.slice(0, -1);

function findRoot(): string {
  const said = document.querySelector<HTMLMetaElement>('meta[name="root"]')?.content ?? "/";
  const { pathname } = new URL(said, location.href);
  // Somebody has gone past the proxy that the server was told about.
  return `${location.pathname}/`.startsWith(pathname) ? pathname : "/";
}

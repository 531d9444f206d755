// What stands around every view: the navigation, who is signed in, and whether the line to the server stands.
import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { call } from "../api/client.ts";
import { useLive } from "../api/live.ts";
import { rootPath } from "../api/root.ts";
import { useMay } from "../api/session.ts";
import { ReportingTimezone } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Empty } from "../ui/empty.tsx";
import { LoadingView } from "../ui/loading.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { routes } from "../routes.tsx";
import type { ViewRoute } from "../routes.tsx";
import { ClientChoice } from "./client-choice.tsx";
import { Navigation } from "./navigation.tsx";
import { StoppedBanner } from "./delivery-switch.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import classes from "./shell.module.css";
import { ViewFailure } from "./view-failure.tsx";
import { UserMenu } from "./user-menu.tsx";

export function Shell() {
  const text = useTexts(texts);
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [location] = useLocation();
  useEffect(close, [location, close]);
  const isConnected = useLive();
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: () => call("GET /settings"),
  });
  return (
    <ReportingTimezone value={settings.data?.timezone ?? "Europe/Berlin"}>
      <a className="skip-link" href="#content">
        {text.skip}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 236, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
        padding={{ base: "sm", sm: "lg" }}
        withBorder={false}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? text.closeMenu : text.openMenu}
                aria-expanded={isOpen}
              />
              <Link href="/" className={classes.brand ?? ""}>
                <img src={`${rootPath}icon.svg`} alt="" width={28} height={28} />
                <span>LeadLedger</span>
              </Link>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ClientChoice />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} p="sm" aria-label={text.navigation}>
          <Navigation />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          {isConnected ? null : <OfflineBanner />}
          <StoppedBanner />
          <ViewFailure place={location}>
            <QueryState query={settings}>
              {() => (
                <Suspense fallback={<LoadingView />}>
                  <Switch>
                    {routes.map((route) => (
                      <Route key={route.path} path={route.path}>
                        <Guarded {...route} />
                      </Route>
                    ))}
                    <Route path="/sign-in">
                      <Redirect to="/" />
                    </Route>
                    <Route>
                      <Empty title={text.nothingHere} explanation={text.nothingHereWhy} />
                    </Route>
                  </Switch>
                </Suspense>
              )}
            </QueryState>
          </ViewFailure>
        </AppShell.Main>
      </AppShell>
    </ReportingTimezone>
  );
}

function Guarded({ view: View, needs }: ViewRoute) {
  const text = useTexts(texts);
  const isAllowed = useMay(needs ?? "leads.read");
  return isAllowed ? <View /> : <Empty title={text.notAllowed} explanation={text.notAllowedWhy} />;
}

const texts = {
  de: {
    skip: "Zum Inhalt springen",
    navigation: "Bereiche",
    openMenu: "Menü öffnen",
    closeMenu: "Menü schließen",
    nothingHere: "Diese Seite gibt es nicht",
    nothingHereWhy: "Der Link ist veraltet oder vertippt. Links im Menü finden Sie alles, was es gibt.",
    notAllowed: "Dafür reicht Ihre Rolle nicht",
    notAllowedWhy: "Fragen Sie einen Admin, wenn Sie das sehen müssen.",
  },
  en: {
    skip: "Skip to content",
    navigation: "Sections",
    openMenu: "Open menu",
    closeMenu: "Close menu",
    nothingHere: "There is no such page",
    nothingHereWhy: "The link is old or mistyped. The menu on the left lists everything there is.",
    notAllowed: "Your role does not allow this",
    notAllowedWhy: "Ask an admin if you need to see it.",
  },
};

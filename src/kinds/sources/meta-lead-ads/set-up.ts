// How lead ads of Meta are set up with an app of your own.
import type { SetUp } from "../../../config/set-up.ts";
import { metaTile } from "../tiles.ts";

export const metaLeadAdsSetUp: readonly SetUp[] = [
  {
    id: "meta-app",
    tile: metaTile,
    label: { en: "With an app of your own", de: "Mit einer eigenen App" },
    about: {
      en: "Free of charge and direct, but Meta reviews the app: live leads need advanced access to leads_retrieval (App Review) and usually business verification. How long that takes Meta does not promise; count on days to weeks (unsure). Notifications hold ids only: the answers of the form must be fetched from Meta.",
      de: "Kostenlos und direkt, aber Meta prüft die App: Für echte Leads braucht es erweiterten Zugriff auf leads_retrieval (App Review) und meist die Verifizierung des Unternehmens. Wie lange das dauert, sagt Meta nicht zu; rechnen Sie mit Tagen bis Wochen (ungesichert). Die Meldungen enthalten nur Kennungen: Die Antworten des Formulars müssen bei Meta abgeholt werden.",
    },
    asks: ["secret", "verify_token"],
    steps: [
      {
        en: "At developers.facebook.com create an app of type Business. Its app secret is under App settings, Basic: it is the secret of this source.",
        de: "Legen Sie auf developers.facebook.com eine App vom Typ Business an. Ihr App-Geheimnis steht unter App-Einstellungen, Allgemeines: Es ist das Geheimnis dieser Quelle.",
      },
      {
        en: "Add the product Webhooks, choose Page, Subscribe to this object. Callback URL: {address}. Verify token: the one that you entered here. Meta asks at once whether the address is yours.",
        de: "Fügen Sie das Produkt Webhooks hinzu, wählen Sie Page, „Dieses Objekt abonnieren“. Callback-URL: {address}. Token zur Verifizierung: der hier eingetragene. Meta fragt sofort nach, ob die Adresse Ihnen gehört.",
      },
      { en: "Subscribe to the field leadgen.", de: "Abonnieren Sie das Feld leadgen." },
      {
        en: "Subscribe each page, too: POST /{page-id}/subscribed_apps?subscribed_fields=leadgen with a page token. GET at the same path lists what is subscribed; an empty list is the most common fault.",
        de: "Abonnieren Sie auch jede Seite: POST /{page-id}/subscribed_apps?subscribed_fields=leadgen mit einem Seiten-Token. GET unter demselben Pfad zeigt, was abonniert ist; eine leere Liste ist der häufigste Fehler.",
      },
      {
        en: "In Business settings, Integrations, Leads Access, give the app access, not only people.",
        de: "Geben Sie in den Unternehmenseinstellungen unter Integrationen, Lead-Zugriff der App Zugriff, nicht nur Personen.",
      },
      {
        en: "Apply for advanced access to leads_retrieval in App Review: until then only test leads and those of people with a role in the app arrive.",
        de: "Beantragen Sie im App Review erweiterten Zugriff auf leads_retrieval: Bis dahin kommen nur Testleads und die von Personen mit einer Rolle in der App.",
      },
      {
        en: "Check the connection here: subscription, Leads Access and token are asked of Meta before the first lead. On the command line: leadledger source check.",
        de: "Prüfen Sie hier die Verbindung: Abonnement, Leads Access und Token werden bei Meta abgefragt, bevor der erste Lead kommt. Auf der Kommandozeile: leadledger source check.",
      },
      {
        en: "Send a test lead with Meta's Lead Ads Testing Tool and watch it arrive here.",
        de: "Senden Sie mit Metas Testtool für Lead Ads einen Testlead, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    sharedSteps: [
      {
        en: "Address, app secret and verify token are those of the source {via}: nothing of them is to be entered here.",
        de: "Adresse, App-Geheimnis und Token zur Verifizierung sind die der Quelle {via}: Davon ist hier nichts einzutragen.",
      },
      {
        en: "pages: the ids of the pages whose leads are this source's; forms, where only some of their forms are.",
        de: "pages: die Kennungen der Seiten, deren Leads dieser Quelle gehören; forms, wenn es nur einige ihrer Formulare sind.",
      },
      {
        en: "page_token: the token with which the leads of these pages are fetched.",
        de: "page_token: das Token, mit dem die Leads dieser Seiten abgeholt werden.",
      },
      {
        en: "Then check the connection here: it says whether each page has subscribed to leadgen and whether its leads may be fetched. On the command line: leadledger source check.",
        de: "Prüfen Sie dann hier die Verbindung: Sie sagt, ob jede Seite leadgen abonniert hat und ob ihre Leads abgeholt werden dürfen. Auf der Kommandozeile: leadledger source check.",
      },
    ],
    comesFromInternet: true,
  },
];

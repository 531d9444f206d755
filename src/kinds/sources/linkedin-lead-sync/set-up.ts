// How lead forms of LinkedIn are set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "linkedin",
  rank: 50,
  label: { en: "LinkedIn", de: "LinkedIn" },
  help: { en: "Lead gen forms, with an app of your own", de: "Lead-Gen-Formulare, mit einer eigenen App" },
};

export const linkedinLeadSyncSetUp: readonly SetUp[] = [
  {
    id: "linkedin",
    tile: own,
    label: { en: "LinkedIn Lead Sync", de: "LinkedIn Lead Sync" },
    about: {
      en: "Needs an app with access to the Lead Sync API, which LinkedIn grants after a review (how long: unsure). The challenge needs the app's secret, so no Zapier or Make address can be LinkedIn's webhook. Notifications hold ids only: the answers must be fetched from LinkedIn.",
      de: "Braucht eine App mit Zugriff auf die Lead-Sync-API, den LinkedIn nach einer Prüfung erteilt (wie lange: ungesichert). Die Rückfrage braucht das Geheimnis der App, deshalb kann keine Adresse von Zapier oder Make der Webhook sein. Die Meldungen enthalten nur Kennungen: Die Antworten müssen bei LinkedIn abgeholt werden.",
    },
    asks: ["secret"],
    steps: [
      {
        en: "At developer.linkedin.com create an app, apply for Lead Sync API, scope r_marketing_leadgen_automation. The client secret under Auth is the secret of this source.",
        de: "Legen Sie auf developer.linkedin.com eine App an, beantragen Sie die Lead-Sync-API, Berechtigung r_marketing_leadgen_automation. Das Client Secret unter Auth ist das Geheimnis dieser Quelle.",
      },
      {
        en: "Under Webhooks add {address}. LinkedIn asks its challenge at once; it must be HTTPS.",
        de: "Fügen Sie unter Webhooks {address} hinzu. LinkedIn stellt sofort seine Rückfrage; es muss HTTPS sein.",
      },
      {
        en: "Subscribe by the API: POST /rest/leadNotifications with webhook, owner, leadType and versionedForm or associatedEntity, headers Linkedin-Version and X-Restli-Protocol-Version: 2.0.0.",
        de: "Abonnieren Sie mit der API: POST /rest/leadNotifications mit webhook, owner, leadType und versionedForm oder associatedEntity, Header Linkedin-Version und X-Restli-Protocol-Version: 2.0.0.",
      },
      {
        en: "Send a test lead of the form and watch it arrive here.",
        de: "Senden Sie einen Testlead des Formulars, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    sharedSteps: [
      {
        en: "Address and client secret are those of the source {via}: nothing of them is to be entered here.",
        de: "Adresse und Client Secret sind die der Quelle {via}: Davon ist hier nichts einzutragen.",
      },
      {
        en: "organizations: the organisations or ad accounts whose leads are this source's; forms, where only some of their forms are.",
        de: "organizations: die Organisationen oder Werbekonten, deren Leads dieser Quelle gehören; forms, wenn es nur einige ihrer Formulare sind.",
      },
      {
        en: "access_token: the token with which their leads are fetched.",
        de: "access_token: das Token, mit dem ihre Leads abgeholt werden.",
      },
      {
        en: "Then check the connection here: it says whether somebody has subscribed to their leads. On the command line: leadledger source check.",
        de: "Prüfen Sie dann hier die Verbindung: Sie sagt, ob jemand ihre Leads abonniert hat. Auf der Kommandozeile: leadledger source check.",
      },
    ],
    comesFromInternet: true,
  },
];

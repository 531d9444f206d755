// The one table of names under which forms and systems, German, English or translated, send what a lead consists of.
// Masking, the index of persons and the lead in the vocabulary all read this.
import { foldLetters } from "../values/folded-letters.ts";

/** What a field of a body says. From `house_number` on: pieces, from which the vocabulary's members are made. */
export type LeadField =
  | "salutation"
  | "title"
  | "first_name"
  | "last_name"
  | "name"
  | "email"
  | "phone"
  | "company"
  | "street"
  | "postal_code"
  | "town"
  | "country"
  | "message"
  | "product"
  | "page"
  | "form"
  | "campaign"
  | "language"
  | "consent"
  | "house_number"
  | "street_addition"
  | "postal_town"
  | "address"
  | "phone_area"
  | "consent_text"
  | "consent_at"
  | "utm"
  | "click_id"
  | "staff";

export interface RecognisedField {
  readonly field: LeadField;
  /** Of `utm` and `click_id`: which. */
  readonly key: string;
  /** Counts where nothing says it better. */
  readonly isWeak: boolean;
}

export type ContactKind = "email" | "phone";

/** "E-Mail-Adresse", "form_fields[email]" and "EMAIL" are one name: case, punctuation and brackets do not count. */
export function recognisedField(fieldName: string): RecognisedField | null {
  if (fieldName.length > nameUnitsMax) return null;
  const known = fieldsSeen.get(fieldName);
  if (known !== undefined) return known;
  const found = lookUp(fieldName);
  // Names repeat from lead to lead; whoever sends ever new ones only makes this start over.
  if (fieldsSeen.size >= fieldsSeenMax) fieldsSeen.clear();
  fieldsSeen.set(fieldName, found);
  return found;
}

export function contactFieldKind(fieldName: string): ContactKind | null {
  const field = recognisedField(fieldName)?.field;
  return field === "email" || field === "phone" ? field : null;
}

/** What is left of a field's name without case, punctuation and brackets; ä is ae, é is e. */
export function canonicalName(fieldName: string): string {
  const known = canonicalSeen.get(fieldName);
  if (known !== undefined) return known;
  const canonical = folded(saidName(fieldName)).replaceAll(/[^a-z0-9]/g, "");
  if (fieldName.length > nameUnitsMax) return canonical;
  if (canonicalSeen.size >= fieldsSeenMax) canonicalSeen.clear();
  canonicalSeen.set(fieldName, canonical);
  return canonical;
}

/** `fields[name][value]` is a name: the innermost part in brackets that says something. */
export function saidName(fieldName: string): string {
  if (!fieldName.endsWith("]")) return fieldName;
  const parts = fieldName.split(/[[\]]/).filter((part) => part !== "");
  return parts.findLast((part) => !/^\d+$/.test(part) && !sayingNothing.has(part.toLowerCase())) ?? fieldName;
}

/** `Ihr vollständigerName*` is `ihr`, `vollstaendiger`, `name`. */
export function wordsOfName(fieldName: string): string[] {
  const spaced = saidName(fieldName).replaceAll(/([a-zäöüß0-9])([A-ZÄÖÜ])/g, "$1 $2");
  return folded(spaced)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

function folded(text: string): string {
  return /^[ -~]*$/.test(text) ? text.toLowerCase() : foldLetters(text);
}

const sayingNothing = new Set([
  ...["value", "values", "raw_value", "text", "answer", "label", "title", "id", "name_value"],
]);

function lookUp(fieldName: string): RecognisedField | null {
  const canonical = canonicalName(fieldName);
  const tracking = trackingField(canonical);
  if (tracking !== null) return tracking;
  const whole = fieldByName.get(canonical) ?? fieldByName.get(withoutNumbers(canonical));
  // `text-123` (Contact Form 7) is any line of text.
  if (whole !== undefined) return /^text\d+$/.test(canonical) ? null : whole;
  const words = wordsOfName(fieldName);
  if (words.length > wordsMax) return sentenceField(words);
  if (words.some((word) => staffWords.has(word))) return fieldOf("staff");
  if (words.some(asksForConsent)) return consentField(words);
  const said = words.filter((word) => !fillers.has(word) && !/^\d+$/.test(word)).join("");
  const byWords = fieldByName.get(said) ?? fieldByName.get(withoutNumbers(said));
  if (byWords !== undefined) return byWords;
  const bySuffix = suffixes.find(({ pattern }) => pattern.test(said))?.found;
  return bySuffix ?? sameInAll(fieldName) ?? askedFreely(words);
}

/** `email-456` (Contact Form 7), `q4_email` (Jotform), `input_5_email`: builders number their fields. */
function withoutNumbers(canonical: string): string {
  const start = /^(?:q|question|frage|field|feld|input|item|your)?\d{1,12}/.exec(canonical)?.[0].length ?? 0;
  let end = canonical.length;
  while (end > start && canonical.charCodeAt(end - 1) <= 0x39) end -= 1;
  return canonical.slice(start, end);
}

function trackingField(canonical: string): RecognisedField | null {
  const utm = /^(?:hidden|first|last)?utm([a-z]{2,20})$/.exec(canonical)?.[1];
  if (utm !== undefined && !utmContainers.has(`utm${utm}`))
    return { field: "utm", key: utmKeys.get(utm) ?? utm, isWeak: false };
  const click = clickIds.get(canonical);
  return click === undefined ? null : { field: "click_id", key: click, isWeak: false };
}

/** A whole sentence as a label: of what asks for consent there is no shorter one. */
function sentenceField(words: readonly string[]): RecognisedField | null {
  if (words.some(asksForConsent)) return consentField(words);
  return askedFreely(words);
}

/** `Bitte teilen Sie uns Ihren Namen mit` asks for a name, and not for whatever there is to say. */
function askedFreely(words: readonly string[]): RecognisedField | null {
  if (!asksForMessage(words)) return null;
  const said = words.filter((word) => !fillers.has(word) && !tellingWords.has(word)).join("");
  return fieldByName.get(said) ?? fieldOf("message", true);
}

/** `Telefon/Handy`, `Stadt oder Gemeinde`: two words for one thing. */
function sameInAll(fieldName: string): RecognisedField | null {
  const parts = saidName(fieldName).split(/[/|,;&+]|\s(?:und|oder|or|and|bzw\.?)\s/i);
  if (parts.length < 2 || parts.length > alternativesMax) return null;
  const [first = null, ...others] = parts.map(recognisedField);
  return others.every((each) => each?.field === first?.field) ? first : null;
}

/** `newsletter`, `marketing_emails` */
export function isAdvertising(name: string): boolean {
  return wordsOfName(name).some((word) => advertisingWords.has(word));
}

function asksForConsent(word: string): boolean {
  return consentWords.has(word) || consentBeginnings.some((beginning) => word.startsWith(beginning));
}

/** `Bitte teilen Sie uns alles mit, was …`: what is answered freely. */
function asksForMessage(words: readonly string[]): boolean {
  return messageQuestions.some((question) => {
    let from = 0;
    return question.every((beginning) => {
      const at = words.findIndex((word, index) => index >= from && word.startsWith(beginning));
      from = at + 1;
      return at !== -1;
    });
  });
}

function consentField(words: readonly string[]): RecognisedField | null {
  const last = words.at(-1) ?? "";
  if (["version", "id", "url", "link", "ip"].includes(last)) return null;
  if (["text", "wording", "wortlaut", "message", "erklaerung"].includes(last) && words.length > 1)
    return fieldOf("consent_text");
  if (["at", "date", "time", "timestamp", "am", "datum", "zeit", "zeitpunkt", "zeitstempel"].includes(last))
    return fieldOf("consent_at");
  // Advertising is another matter than being called back, and so are terms of business.
  const isOther =
    words.some((word) => advertisingWords.has(word)) || words.some((word) => termsWords.has(word));
  return {
    field: "consent",
    key: "",
    isWeak: isOther && !words.some((word) => word.startsWith("datenschutz")),
  };
}

function fieldOf(field: LeadField, isWeak = false): RecognisedField {
  return { field, key: "", isWeak };
}

function list(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(" ")).filter((word) => word !== "");
}

/** As `canonicalName` writes them; German, English, then what platforms translate: fr, it, es, nl, pl, pt. */
const namesOf: Readonly<Record<string, readonly string[]>> = {
  salutation: [
    "anrede anredetitel anredeundtitel salutation gender geschlecht mrms herrfrau namensanrede honorific honorificprefix formofaddress civilite",
    "aanhef tratamiento titolocortesia nameprefix",
  ],
  title: ["titel title akademischertitel academictitle akademtitel namenstitel doctitle"],
  first_name: [
    "vorname firstname forename givenname vorn namefirst fname prenom nome1 givennames rufname",
    "voornaam imie primeironome nombredepila firstnames",
  ],
  last_name: [
    "nachname familienname zuname lastname surname familyname nachn namelast lname secondname nomdefamille nom",
    "cognome apellido apellidos achternaam nazwisko sobrenome",
  ],
  name: [
    "name fullname vollername vollstaendigername namevollstaendig vorundnachname vornamenachname vornameundnachname",
    "namevorname vornamename nachnamevorname nameundvorname completename contactname displayname namen names",
    "yourname ihrname deinname nomcomplet nomecompleto nombrecompleto nombre nombreyapellidos volledigenaam naam imieinazwisko",
    "vorund wieheissensie wieheisstdu wieduerfenwirsieansprechen wiesollenwirsieansprechen mitwemduerfenwirsprechen",
    "mitwemsprechenwir vorundzuname vornachname namevorundnachname namevornachname kontaktperson namekontaktperson",
    "namederkontaktperson whoarewespeakingto whatshouldwecallyou",
    "firstandlastname firstlastname nomprenom nometcognome nomeecognome fullnames kontaktname personname kundenname leadname",
  ],
  email: [
    "email mail emailadresse mailadresse emailaddress mailaddress emailid emailaddr youremail yourmail ihreemail",
    "ihremail ihreemailadresse deineemail deineemailadresse kontaktemail kundenemail contactemail customeremail useremail",
    "leademail personemail workemail workemailaddress businessemail companyemail primaryemail email1 emailwork emailprivat",
    "emailgeschaeftlich emaildienstlich geschaeftlicheemail privateemail elektronischepost adressemail adresseemail courriel",
    "correo correoelectronico indirizzoemail mejl adresemail adresem enderecodeemail emailadres emails emailconfirm",
  ],
  phone: [
    "phone phonenumber phoneno phonenr telephone telephonenumber phone1 primaryphone tel telefon telefonnummer telefonnr",
    "telnr telnummer fon rufnummer rueckrufnummer mobile mobilephone mobilenumber mobilephonenumber cell cellphone",
    "cellphonenumber mobil mobilnummer mobilnr mobiltelefon mobiltelefonnummer handy handynummer handynr festnetz",
    "festnetznummer whatsapp whatsappnumber whatsappnummer callbacknumber yourphone yourtel yourphonenumber",
    "ihretelefonnummer ihrtelefon deinetelefonnummer kontakttelefon contactphone customerphone userphone leadphone",
    "personphone workphone workphonenumber businessphone companyphone phonework phonemobile telefonprivat phones",
    "telefongeschaeftlich telefondienstlich telefonmobil numerodetelephone telefono numerodetelefono telefoon",
    "telefoonnummer telefone numertelefonu cellulare portable telefonmobile telefonnummern landline textremindernumber",
    "rueckruftelefon telefonfuerrueckruf mobilenummer natel mobilfunk mobilfunknummer mobilfunknr telefonisch telefontagsueber",
    "telefonnummermitvorwahl telefonmitvorwahl festnetzoderhandy festnetzodermobil telefonoderhandy telfax telefonfax telefonundfax telefontelefax",
    "unterwelchernummererreichenwirsie unterwelchernummererreichenwirsieambesten unterwelchernummersindsieerreichbar",
  ],
  company: [
    "firma unternehmen firmenname unternehmensname company companyname organisation organization organisationname",
    "organizationname betrieb betriebsname arbeitgeber employer business businessname institution firmaname entreprise",
    "firmaunternehmen unternehmenfirma firmaorganisation organisationfirma firmaverein vereinfirma companyorganization",
    "companyorganisation nameihresunternehmens nameihrerfirma namedesunternehmens namederfirma firmenbezeichnung praxisname",
    "societe azienda empresa nomeazienda bedrijf bedrijfsnaam nazwafirmy ragionesociale firm corporation",
  ],
  street: [
    "strasse str street streetaddress strassehausnummer strasseundhausnummer strassehausnr strasseundhausnr strassenr strnr strhnr",
    "strasseundnummer strasseundnr addressline1 addrline1 line1 address1 addressstreet streetname strassenname rue via calle",
    "straat ulica rua streetline1 strassenummer",
  ],
  house_number: ["hausnummer hausnr hnr hsnr housenumber streetnumber houseno huisnummer numerodomu"],
  street_addition: [
    "addressline2 addrline2 line2 address2 streetaddress2 streetline2 adresszusatz addresssuffix apartment apt",
  ],
  postal_code: [
    "plz postleitzahl zip zipcode postalcode postcode zippostal postalzip zippostalcode postzip codepostal codigopostal cap kodpocztowy",
    "cep zipcodepostal",
  ],
  town: [
    "ort stadt wohnort ortschaft city town locality cityname citytown gemeinde ville citta ciudad woonplaats miasto cidade plaats stad",
    "wowohnensie wowohnstdu wheredoyoulive",
    "wohnortstadt ortstadt stadtort comune localidad",
  ],
  postal_town: [
    "plzort plzundort ortplz ortundplz postleitzahlort postleitzahlundort plzstadt plzwohnort zipcity postcodecity",
  ],
  country: [
    "land country countrycode countryname laendercode landcode countryregion pays paese pais nazione kraj countryofresidence staat",
  ],
  address: [
    "adresse anschrift address addr fulladdress postaladdress mailingaddress postanschrift wohnadresse indirizzo direccion adres",
    "lieferadresse billingaddress shippingaddress homeaddress",
  ],
  message: [
    "nachricht message msg mitteilung anliegen kommentar kommentare comment comments bemerkung bemerkungen anmerkung anmerkungen",
    "notiz notizen note notes anfrage anfragetext inquiry enquiry freitext ihrenachricht yourmessage deinenachricht nachrichtentext",
    "wunsch wuensche projektbeschreibung beschreibung description textarea messagetext contactmessage kommentarnachricht",
    "messaggio mensaje bericht wiadomosc mensagem ihranliegen comentarios howcanwehelp howcanwehelpyou wiekoennenwirhelfen",
    "wiekoennenwirihnenhelfen wiekoennenwirdirhelfen womitkoennenwirhelfen womitkoennenwirihnenhelfen waskoennenwirfuersietun",
    "waskoennenwirfuerdichtun worumgehtes worumgehtesbeiihreranfrage beschreibensieihranliegen beschreibensieihrprojekt",
    "moechtensieunsnochetwasmitteilen moechtensieunsetwasmitteilen wasmoechtensieunsmitteilen ihrenachrichtanuns nachrichtanuns",
    "tellusaboutyourproject whatcanwedoforyou whatisitabout whatcanwehelpyouwith",
  ],
  product: [
    "produkt product productname produktname produkte products interesse interest interests interessen interessiertan interestedin artikel dienstleistung",
    "service leistung leistungen services modell model vehicle fahrzeug fahrzeugmodell objekt immobilie property tarif produit prodotto producto",
    "wofuerinteressierensiesich wofuerinteressierstdudich woraninteressierensiesich ichinteressieremichfuer interessefuer",
    "welchesproduktinteressiertsie welcheleistunginteressiertsie whatareyouinterestedin whichproductareyouinterestedin",
    "whichserviceareyouinterestedin",
    "produktinteresse productinterest productofinterest gewuenschteleistung",
  ],
  page: [
    "page pageurl seite seitenurl seitenadresse sourceurl landingpage landingpageurl landingurl pageuri pagelink permalink",
    "submissionurl conversionpage formurl urlderseite embedurl refererpage pagelocation entrypage pageadresse",
  ],
  form: [
    "form formular formname formularname formtitle formulartitel formtitel formular_name leadform leadformname",
  ],
  campaign: ["campaign campaignname kampagne kampagnenname campagne campana"],
  language: [
    "language sprache lang locale langue lingua idioma taal formlanguage preferredlanguage sprachcode languagecode hslanguage",
  ],
  consent: [
    "consent einwilligung zustimmung datenschutz einverstaendnis dsgvo gdpr rgpd optin privacy privacypolicy datenschutzerklaerung acceptance",
    "agreement datenschutzhinweis datenschutzhinweise akzeptiert einverstanden gdpragreement privacyconsent termsncondition consents",
    "customdisclaimerresponses legalconsent legalconsentoptions",
  ],
  consent_text: [
    "consenttext consentmessage einwilligungstext einwilligungstxt datenschutztext consentwording zustimmungstext optintext",
  ],
  consent_at: [
    "consentat consentdate consenttime consenttimestamp einwilligungam einwilligungsdatum einwilligungszeitpunkt optinat optindate",
    "optintime zustimmungam zustimmungsdatum consentgivenat consentedat einwilligungzeit",
  ],
  staff: [
    "agent owner makler berater betreuer bearbeiter assignee assignedto salesperson salesrep verkaeufer recipient empfaenger",
    "organizer organiser host createdby creator admin eventmemberships hubspotowner sender absender advertiser tenant broker",
  ],
};

/** They count where nothing says it better. */
const weakNamesOf: Readonly<Record<string, readonly string[]>> = {
  name: [
    "kunde customer kontakt contact ansprechpartner ansprechpartnerin ansprechperson person interessent bewerber teilnehmer",
  ],
  product: ["vehiclemodel vehicletype propertytype educationprogram educationcourse offer category"],
  phone_area: [
    "vorwahl telefonvorwahl telvorwahl vorwahltelefon handyvorwahl mobilvorwahl ortsvorwahl laendervorwahl landesvorwahl",
    "areacode phoneareacode phonecountrycode countrycallingcode dialcode phoneprefix phonecode internationalevorwahl",
  ],
  message: [
    "body inhalt",
    "text betreff subject thema yoursubject topic frage question questions fragen sonstiges weitereinformationen weitereangaben",
  ],
  form: ["formid formularid leadformid gravityformid wpformsid formguid"],
  campaign: ["campaignid kampagnenid"],
  page: ["url siteurl pagename pagetitle referrer referer httpreferer"],
  language: ["browserlanguage timezonelanguage userlanguage"],
  town: ["standort place"],
  house_number: ["nr no"],
  address: [
    "adressedesobjekts objektadresse projektadresse einsatzadresse einsatzort adressedesbauvorhabens anlagenstandort",
  ],
  // Where the work is to be done; mostly that is where the person lives.
  postal_code: [
    "plzdesobjekts plzdesbauvorhabens plzeinsatzort postleitzahldesobjekts postleitzahldesbauvorhabens plzobjekt",
  ],
};

const fieldByName = new Map<string, RecognisedField>([
  ...entriesOf(weakNamesOf, true),
  ...entriesOf(namesOf, false),
]);

function* entriesOf(
  names: Readonly<Record<string, readonly string[]>>,
  isWeak: boolean,
): Generator<[string, RecognisedField]> {
  for (const [field, lines] of Object.entries(names)) {
    const found = fieldOf(field as LeadField, isWeak);
    for (const name of list(lines)) yield [name, found];
  }
}

/** Names in one word with something before them: `applicantFirstname`, `bewerbervorname`. */
const suffixes: readonly { readonly pattern: RegExp; readonly found: RecognisedField }[] = [
  { pattern: /(?:vorname|firstname|givenname)$/, found: fieldOf("first_name") },
  { pattern: /(?:nachname|lastname|surname|familienname|zuname|familyname)$/, found: fieldOf("last_name") },
  { pattern: /(?:email|emailadresse|emailaddress)$/, found: fieldOf("email", true) },
  {
    pattern: /(?:telefon|telefonnummer|phonenumber|handynummer|mobilnummer|telefonnr)$/,
    found: fieldOf("phone", true),
  },
];

/** Words that say whose it is or that something is wanted, and nothing of what. */
const fillers = new Set(
  list([
    "your ihr ihre ihrer ihren ihrem dein deine deiner the a an der die das den ein eine einen bitte please enter",
    "geben sie an ein is what whats s are wie was lautet ist heissen heisst unter welcher welchem welche how can we you du",
    "in wir wohnen wohnst koennen duerfen sollen am besten welches live",
    "lead contact kontakt customer kunde kunden kundin user client person personal persoenliche persoenlicher applicant attendee participant",
    "bewerber teilnehmer interessent antragsteller ansprechpartner ansprechpartnerin ansprechperson visitor guest buyer invitee",
    "field fields feld input form formular value q question antwort answer text hidden column spalte",
    "primary main haupt work business geschaeftlich geschaeftliche geschaeftlicher privat private privater dienstlich dienstliche home",
    "optional pflichtfeld required erforderlich pflicht for fuer rueckfragen reach erreichen erreichbar best beste my meine mein",
    "adresse address rechnungsadresse rechnungsanschrift privatadresse kontaktdaten",
    "mf listing et pb step schritt interessiert interessieren interessierst sich dich",
    "full vollstaendige vollstaendiger vollstaendigen aktuelle aktueller gewuenschte gewuenschtes gewuenschter billing rechnung rechnungs of zur zum",
  ]),
);

/** Of whoever works on the lead, not of whom it is about. */
const staffWords = new Set(
  list([
    "agent owner makler berater betreuer assignee recipient empfaenger organizer salesperson tenant broker",
  ]),
);

const consentWords = new Set(
  list([
    "consent einwilligung zustimmung datenschutz datenschutzerklaerung datenschutzhinweise datenschutzbestimmungen dsgvo gdpr rgpd",
    "einverstaendnis einverstanden akzeptiere akzeptiert acceptance agree agreed privacy datenverarbeitung einwilligen willige",
    "optin stimme disclaimer consents",
  ]),
);
/** `Einwilligungserklärung`, `Datenschutzbestimmungen` */
const consentBeginnings = ["einwillig", "einverstaend", "datenschutz", "zustimm", "dsgvo", "gdpr"];
const termsWords = new Set(
  list(["agb terms nutzungsbedingungen geschaeftsbedingungen widerrufsbelehrung conditions"]),
);
const tellingWords = new Set(list(["teilen teile mitteilen mit uns mir tell us share"]));
/** Beginnings of words, in their order. */
const messageQuestions: readonly (readonly string[])[] = [
  ...[["teilen", "mit"], ["mitteilen"], ["sonst", "noch"], ["beschreiben"], ["erzaehl"], ["wie", "helfen"]],
  ...[
    ["womit", "helfen"],
    ["how", "help"],
    ["help", "prepare"],
    ["anything", "else"],
    ["share", "anything"],
    ["tell", "us"],
  ],
];
const alternativesMax = 3;
const advertisingWords = new Set(list(["newsletter werbung marketing advertising promotion angebote news"]));

const utmContainers = new Set(list(["utmparams utmparameters utmdata utmtags utmvalues"]));
const utmKeys = new Map([
  ["src", "source"],
  ["med", "medium"],
  ["cmp", "campaign"],
]);

/** As `canonicalName` writes them, and as they are called in an address. */
const clickIds = new Map<string, string>([
  ...list([
    "gclid gbraid wbraid dclid gclsrc fbclid fbc fbp msclkid ttclid twclid epik yclid sccid igshid mcid wickedid irclickid awc",
  ]).map((name) => [name, name] as const),
  ["gclid", "gclid"],
  ["gclickid", "gclid"],
  ["hsgoogleclickid", "gclid"],
  ["hsfacebookclickid", "fbclid"],
  ["googleclickid", "gclid"],
  ["facebookclickid", "fbclid"],
  ["lifatid", "li_fat_id"],
  ["liclickid", "li_fat_id"],
  ["rdtcid", "rdt_cid"],
  ["scclid", "ScCid"],
]);

const nameUnitsMax = 400;
const wordsMax = 12;
const fieldsSeenMax = 4_000;
const fieldsSeen = new Map<string, RecognisedField | null>();
const canonicalSeen = new Map<string, string>();

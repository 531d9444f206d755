// What is told where the database cannot be used: on the way there, at its door, and inside.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { DatabaseObstacleCode } from "../ledger/connection/database-obstacle.ts";
import type { DatabaseUrlTrouble } from "../ledger/connection/database-url.ts";

/** The others are explained where they are met by commands and requests as well. */
type Code = Exclude<DatabaseObstacleCode, "database_unreachable" | "database_locked"> | DatabaseUrlTrouble;

export const databaseObstacleTexts = {
  database_url_malformed: explained("not_running", "operator", {
    en: [
      "DATABASE_URL cannot be read",
      "It is no address as PostgreSQL's are written.",
      "Write it like postgresql://user:password@host:5432/database. Characters such as # / ? @ % : in user or password are written as %23 %2F %3F %40 %25 %3A.",
    ],
    de: [
      "DATABASE_URL ist nicht lesbar",
      "Das ist keine Adresse, wie PostgreSQL sie kennt.",
      "Schreiben Sie sie wie postgresql://Benutzer:Passwort@Rechner:5432/Datenbank. Zeichen wie # / ? @ % : in Benutzer oder Passwort schreibt man %23 %2F %3F %40 %25 %3A.",
    ],
  }),
  database_url_several_hosts: explained("not_running", "operator", {
    en: [
      "DATABASE_URL names several servers",
      "This version of LeadLedger connects to one.",
      "Name the one that takes changes, or an address that always leads there (a virtual IP, HAProxy, PgBouncer).",
    ],
    de: [
      "DATABASE_URL nennt mehrere Server",
      "Diese Version von LeadLedger verbindet sich mit einem.",
      "Nennen Sie den, der Änderungen annimmt, oder eine Adresse, die immer zu ihm führt (eine virtuelle IP, HAProxy, PgBouncer).",
    ],
  }),
  database_url_sslmode_unknown: explained("not_running", "operator", {
    en: [
      "DATABASE_URL has an unknown sslmode",
      "It is none of the values that there are, so it is unclear whether the connection should be encrypted and the server checked.",
      "Take sslmode=verify-full, which encrypts and checks the server, sslmode=no-verify, which only encrypts, or sslmode=disable, which does neither.",
    ],
    de: [
      "DATABASE_URL hat einen unbekannten sslmode",
      "Diesen Wert gibt es nicht. Also ist unklar, ob die Verbindung verschlüsselt und der Server geprüft werden soll.",
      "Nehmen Sie sslmode=verify-full (verschlüsselt und prüft den Server), sslmode=no-verify (verschlüsselt nur) oder sslmode=disable (keines von beidem).",
    ],
  }),
  database_tls_file_unreadable: explained("not_running", "operator", {
    en: [
      "A file that DATABASE_URL names cannot be read",
      "`sslrootcert`, `sslcert` or `sslkey` names a file that is not there, or that LeadLedger may not read.",
      "Check the path, and the rights of the user who runs LeadLedger. In containers the file must be mounted.",
    ],
    de: [
      "Eine Datei, die DATABASE_URL nennt, ist nicht lesbar",
      "`sslrootcert`, `sslcert` oder `sslkey` nennt eine Datei, die es nicht gibt oder die LeadLedger nicht lesen darf.",
      "Prüfen Sie den Pfad und die Rechte des Benutzers, unter dem LeadLedger läuft. In Containern muss die Datei eingebunden sein.",
    ],
  }),
  database_tls_file_malformed: explained("not_running", "operator", {
    en: [
      "A file that DATABASE_URL names is not in PEM format",
      "`sslrootcert` and `sslcert` must be certificates, `sslkey` a private key without a passphrase.",
      "Name the file that begins with `-----BEGIN CERTIFICATE-----`, or for the key with `-----BEGIN PRIVATE KEY-----`.",
    ],
    de: [
      "Eine Datei, die DATABASE_URL nennt, ist nicht im PEM-Format",
      "`sslrootcert` und `sslcert` müssen Zertifikate sein, `sslkey` ein privater Schlüssel ohne Passphrase.",
      "Nennen Sie die Datei, die mit `-----BEGIN CERTIFICATE-----` beginnt, beim Schlüssel mit `-----BEGIN PRIVATE KEY-----`.",
    ],
  }),
  database_host_unknown: explained("not_running", "operator", {
    en: [
      "The database's host has no address",
      "The name in DATABASE_URL is not known to this machine's name service.",
      "Check how it is written, and the DNS. If that is not the host you meant: a password with # / ? @ in it must have them written as %23 %2F %3F %40.",
    ],
    de: [
      "Der Rechner der Datenbank hat keine Adresse",
      "Den Namen in DATABASE_URL kennt die Namensauflösung dieses Rechners nicht.",
      "Prüfen Sie die Schreibweise und das DNS. Ist das gar nicht der gemeinte Rechner, dann enthält das Passwort # / ? oder @: Das schreibt man %23 %2F %3F %40.",
    ],
  }),
  database_socket_missing: explained("not_running", "operator", {
    en: [
      "The database's socket is not there",
      "DATABASE_URL names the folder of a socket, and in it is none that LeadLedger may open.",
      "Look whether the server runs on this machine, in which folder (`SHOW unix_socket_directories`) and on which port; in containers the folder must be mounted.",
    ],
    de: [
      "Der Socket der Datenbank ist nicht da",
      "DATABASE_URL nennt den Ordner eines Sockets, und darin ist keiner, den LeadLedger öffnen darf.",
      "Sehen Sie nach, ob der Server auf diesem Rechner läuft, in welchem Ordner (`SHOW unix_socket_directories`) und an welchem Port; in Containern muss der Ordner eingebunden sein.",
    ],
  }),
  database_starting: explained("not_running", "operator", {
    en: [
      "The database is starting or stopping",
      "The server is there, but takes no connections at the moment.",
      "Try again in a moment. After a crash it first repeats what it had written down, which may take minutes; its log says how far it is.",
    ],
    de: [
      "Die Datenbank startet gerade oder hält an",
      "Der Server ist da, nimmt im Augenblick aber keine Verbindungen an.",
      "Versuchen Sie es gleich noch einmal. Nach einem Absturz holt er zuerst nach, was er sich notiert hatte; das kann Minuten dauern. Sein Log sagt, wie weit er ist.",
    ],
  }),
  database_connections_exhausted: explained("not_running", "operator", {
    en: [
      "The database has no free connection",
      "As many programs are connected as the server, or this role, may have.",
      "Raise max_connections (or the role's CONNECTION LIMIT), or end what is connected needlessly: SELECT usename, application_name, count(*) FROM pg_stat_activity GROUP BY 1, 2. A node of LeadLedger has up to 12.",
    ],
    de: [
      "Die Datenbank hat keine freie Verbindung",
      "Es sind so viele Programme verbunden, wie der Server oder diese Rolle haben darf.",
      "Erhöhen Sie max_connections (oder das CONNECTION LIMIT der Rolle), oder beenden Sie, was unnötig verbunden ist: SELECT usename, application_name, count(*) FROM pg_stat_activity GROUP BY 1, 2. Ein Knoten von LeadLedger hat bis zu 12.",
    ],
  }),
  database_password_wrong: explained("not_running", "operator", {
    en: [
      "The database does not accept the password",
      "The password in DATABASE_URL is wrong or missing, or there is no such role.",
      "Check user and password. Characters such as # / ? @ % in it are written as %23 %2F %3F %40 %25. A new one is set with ALTER ROLE … PASSWORD.",
    ],
    de: [
      "Die Datenbank nimmt das Passwort nicht an",
      "Das Passwort in DATABASE_URL ist falsch oder fehlt, oder die Rolle gibt es nicht.",
      "Prüfen Sie Benutzer und Passwort. Zeichen wie # / ? @ % darin schreibt man %23 %2F %3F %40 %25. Ein neues setzt ALTER ROLE … PASSWORD.",
    ],
  }),
  database_role_refused: explained("not_running", "operator", {
    en: [
      "The database does not let this role in",
      "There is no role of this name, or it may not log in (NOLOGIN).",
      "Make it, or allow it: ALTER ROLE … LOGIN. The name of the user stands in DATABASE_URL.",
    ],
    de: [
      "Die Datenbank lässt diese Rolle nicht hinein",
      "Eine Rolle dieses Namens gibt es nicht, oder sie darf sich nicht anmelden (NOLOGIN).",
      "Legen Sie sie an, oder erlauben Sie es ihr: ALTER ROLE … LOGIN. Der Name des Benutzers steht in DATABASE_URL.",
    ],
  }),
  database_host_refused: explained("not_running", "operator", {
    en: [
      "The database does not let this machine in",
      "No line of the server's pg_hba.conf allows this user, from this address, to this database, encrypted or not as it was tried.",
      "Add a line to pg_hba.conf and reload. If it says “no encryption”, the server wants TLS: add sslmode=verify-full (or no-verify) to DATABASE_URL.",
    ],
    de: [
      "Die Datenbank lässt diesen Rechner nicht hinein",
      "Keine Zeile der pg_hba.conf des Servers erlaubt diesen Benutzer von dieser Adresse in diese Datenbank, so verschlüsselt oder unverschlüsselt, wie es versucht wurde.",
      "Ergänzen Sie eine Zeile in pg_hba.conf, und laden Sie sie neu. Steht dort „no encryption“, verlangt der Server TLS: Hängen Sie sslmode=verify-full (oder no-verify) an DATABASE_URL an.",
    ],
  }),
  database_missing: explained("not_running", "operator", {
    en: [
      "There is no database of this name",
      "The server is there and lets LeadLedger in, but the database that DATABASE_URL names does not exist.",
      "Make it: CREATE DATABASE … OWNER …. Without a name in DATABASE_URL, the name of the user is taken.",
    ],
    de: [
      "Eine Datenbank dieses Namens gibt es nicht",
      "Der Server ist da und lässt LeadLedger hinein, aber die Datenbank, die DATABASE_URL nennt, gibt es nicht.",
      "Legen Sie sie an: CREATE DATABASE … OWNER …. Steht in DATABASE_URL kein Name, gilt der Name des Benutzers.",
    ],
  }),
  database_tls_unsupported: explained("not_running", "operator", {
    en: [
      "The database does not speak TLS",
      "DATABASE_URL asks for an encrypted connection, and the server offers none.",
      "Switch it on there (ssl = on, with a certificate), or in a network that you trust take sslmode out of DATABASE_URL. LeadLedger does not go on without by itself, not even with sslmode=prefer.",
    ],
    de: [
      "Die Datenbank spricht kein TLS",
      "DATABASE_URL verlangt eine verschlüsselte Verbindung, und der Server bietet keine an.",
      "Schalten Sie sie dort ein (ssl = on, mit Zertifikat), oder nehmen Sie in einem Netz, dem Sie vertrauen, sslmode aus DATABASE_URL heraus. Von selbst verbindet sich LeadLedger dann nicht unverschlüsselt, auch nicht mit sslmode=prefer.",
    ],
  }),
  database_certificate_untrusted: explained("not_running", "operator", {
    en: [
      "The database's certificate is not trusted",
      "It is signed by an authority that this machine does not know, has expired, or is for another name.",
      "Name the authority's certificate: sslmode=verify-full&sslrootcert=/path/ca.crt. sslmode=no-verify encrypts without checking; then anybody in between could pretend to be the database.",
    ],
    de: [
      "Dem Zertifikat der Datenbank wird nicht vertraut",
      "Es ist von einer Stelle unterschrieben, die dieser Rechner nicht kennt, ist abgelaufen oder gilt für einen anderen Namen.",
      "Nennen Sie das Zertifikat der Stelle: sslmode=verify-full&sslrootcert=/Pfad/ca.crt. sslmode=no-verify verschlüsselt, ohne zu prüfen; dann könnte sich jeder dazwischen als die Datenbank ausgeben.",
    ],
  }),
  database_tls_failed: explained("not_running", "operator", {
    en: [
      "No encrypted connection to the database came about",
      "Both sides speak TLS but did not agree: on a version, or because the server asks for a client's certificate.",
      "The server's log has its side of it. A client's certificate is named with sslcert and sslkey.",
    ],
    de: [
      "Eine verschlüsselte Verbindung zur Datenbank kam nicht zustande",
      "Beide Seiten sprechen TLS, wurden sich aber nicht einig: über eine Version, oder weil der Server ein Zertifikat des Clients verlangt.",
      "Im Log des Servers steht seine Sicht. Das Zertifikat des Clients nennen sslcert und sslkey.",
    ],
  }),
  database_standby: explained("not_running", "operator", {
    en: [
      "DATABASE_URL leads to a standby",
      "This server follows another one and takes no changes.",
      "Name the server that takes changes (the primary), or an address that always leads there. If this one was to take over: SELECT pg_promote().",
    ],
    de: [
      "DATABASE_URL führt zu einem Standby",
      "Dieser Server folgt einem anderen und nimmt keine Änderungen an.",
      "Nennen Sie den Server, der Änderungen annimmt (den Primary), oder eine Adresse, die immer zu ihm führt. Sollte dieser übernehmen: SELECT pg_promote().",
    ],
  }),
  database_read_only: explained("not_running", "operator", {
    en: [
      "The database takes no changes",
      "It is a standby, or it, the role or DATABASE_URL is set to read-only (default_transaction_read_only).",
      "Name the server that takes changes; or undo the setting: ALTER ROLE … RESET default_transaction_read_only, ALTER DATABASE … RESET default_transaction_read_only. Providers set it when the disk is nearly full.",
    ],
    de: [
      "Die Datenbank nimmt keine Änderungen an",
      "Sie ist ein Standby, oder sie selbst, die Rolle oder DATABASE_URL ist auf Nur-Lesen gestellt (default_transaction_read_only).",
      "Nennen Sie den Server, der Änderungen annimmt, oder nehmen Sie die Einstellung zurück: ALTER ROLE … RESET default_transaction_read_only, ALTER DATABASE … RESET default_transaction_read_only. Anbieter setzen sie, wenn die Platte fast voll ist.",
    ],
  }),
  database_owned_by_other: explained("not_running", "operator", {
    en: [
      "LeadLedger's tables belong to another role",
      "They were made by another role than the one in DATABASE_URL, mostly by restoring a backup as another user. Nothing was changed.",
      "Connect as the role that owns them, or let an administrator do what stands below.",
    ],
    de: [
      "Die Tabellen von LeadLedger gehören einer anderen Rolle",
      "Angelegt hat sie eine andere Rolle als die in DATABASE_URL, meist weil eine Sicherung unter einem anderen Benutzer eingespielt wurde. Es wurde nichts verändert.",
      "Verbinden Sie sich als die Rolle, der sie gehören, oder lassen Sie einen Administrator tun, was unten steht.",
    ],
  }),
  database_schema_not_writable: explained("not_running", "operator", {
    en: [
      "LeadLedger may make no tables in this database",
      "Its role has no right to create in the schema public: since PostgreSQL 15 only the database's owner has. Nothing was changed.",
      "Let an administrator make the role the database's owner (ALTER DATABASE … OWNER TO …), or run the SQL below.",
    ],
    de: [
      "LeadLedger darf in dieser Datenbank keine Tabellen anlegen",
      "Seine Rolle hat im Schema public kein Recht dazu: Seit PostgreSQL 15 hat es nur der Eigentümer der Datenbank. Es wurde nichts verändert.",
      "Lassen Sie einen Administrator die Rolle zum Eigentümer machen (ALTER DATABASE … OWNER TO …) oder das SQL unten ausführen.",
    ],
  }),
  database_create_not_allowed: explained("not_running", "operator", {
    en: [
      "LeadLedger may make no schema in this database",
      "It keeps its own tables in a schema `internal`, and its role has no right to make one. Nothing was changed.",
      "Let an administrator make the role the database's owner (ALTER DATABASE … OWNER TO …), or run the SQL below.",
    ],
    de: [
      "LeadLedger darf in dieser Datenbank kein Schema anlegen",
      "Seine eigenen Tabellen liegen in einem Schema `internal`, und seine Rolle darf keines anlegen. Es wurde nichts verändert.",
      "Lassen Sie einen Administrator die Rolle zum Eigentümer machen (ALTER DATABASE … OWNER TO …) oder das SQL unten ausführen.",
    ],
  }),
  database_rights_missing: explained("not_running", "operator", {
    en: [
      "LeadLedger's role lacks a right in the database",
      "The database refused a statement because the role in DATABASE_URL may not do that. It must own LeadLedger's tables and functions.",
      "Connect as the role that made them, or give them to this one: REASSIGN OWNED BY … TO ….",
    ],
    de: [
      "Der Rolle von LeadLedger fehlt in der Datenbank ein Recht",
      "Die Datenbank hat eine Anweisung abgelehnt, weil die Rolle in DATABASE_URL das nicht darf. Ihr müssen die Tabellen und Funktionen von LeadLedger gehören.",
      "Verbinden Sie sich als die Rolle, die sie angelegt hat, oder übertragen Sie sie: REASSIGN OWNED BY … TO ….",
    ],
  }),
  database_statement_cancelled: explained("unchanged", "operator", {
    en: [
      "The database cancelled a statement",
      "It took longer than a limit that was set for the database or the role (statement_timeout), or somebody cancelled it.",
      "Try again. If it lasts, take the limit off for LeadLedger's role: ALTER ROLE … SET statement_timeout = 0.",
    ],
    de: [
      "Die Datenbank hat eine Anweisung abgebrochen",
      "Sie dauerte länger als eine Grenze, die für die Datenbank oder die Rolle gesetzt ist (statement_timeout), oder jemand hat sie abgebrochen.",
      "Versuchen Sie es noch einmal. Bleibt es so, heben Sie die Grenze für die Rolle von LeadLedger auf: ALTER ROLE … SET statement_timeout = 0.",
    ],
  }),
  database_disk_full: explained("not_running", "operator", {
    en: [
      "The database's disk is full",
      "The server has no room to write. What was stored is not lost.",
      "Make room on the server's disk. Often it is the write-ahead log that an absent standby holds back: SELECT slot_name, active FROM pg_replication_slots.",
    ],
    de: [
      "Die Platte der Datenbank ist voll",
      "Der Server hat keinen Platz mehr zum Schreiben. Was gespeichert war, ist nicht verloren.",
      "Schaffen Sie Platz auf der Platte des Servers. Oft ist es das Write-Ahead-Log, das ein abwesender Standby zurückhält: SELECT slot_name, active FROM pg_replication_slots.",
    ],
  }),
  database_out_of_memory: explained("not_running", "operator", {
    en: [
      "The database is out of memory",
      "The server could not get the memory that it needed for a statement.",
      "Give the server more memory, or lower max_connections, work_mem or shared_buffers; its log says what was asked for.",
    ],
    de: [
      "Der Datenbank fehlt Arbeitsspeicher",
      "Der Server bekam den Speicher nicht, den er für eine Anweisung brauchte.",
      "Geben Sie dem Server mehr Speicher, oder verringern Sie max_connections, work_mem oder shared_buffers; sein Log sagt, wie viel verlangt war.",
    ],
  }),
  database_io_error: explained("not_running", "operator", {
    en: [
      "The database cannot read or write its files",
      "The server met an error of its disk, or a file of its own that is damaged or gone.",
      "Look into the server's log and at the disk before anything else; copy the data folder before you try to repair it.",
    ],
    de: [
      "Die Datenbank kann ihre Dateien nicht lesen oder schreiben",
      "Der Server ist auf einen Fehler seiner Platte gestoßen oder auf eine eigene Datei, die beschädigt ist oder fehlt.",
      "Sehen Sie zuerst in das Log des Servers und nach der Platte; kopieren Sie den Datenordner, bevor Sie etwas reparieren.",
    ],
  }),
} as const satisfies Record<Code, Explained>;

<?php
// A receiver of leads: checks the signature, stores each lead once, and answers 200 only when it is stored.
//
//   LEADLEDGER_SECRET=whsec_… LEADS_FOLDER=/var/lib/leads php -d display_errors=0 -S 127.0.0.1:9000 receiver.php
//
// On web space: upload it and set both variables (`SetEnv` in .htaccess, or in the settings of PHP). The folder must lie
// outside of what the web server shows. PHP 8.1 or newer, no extensions. `display_errors` must be off: a warning that PHP
// writes before this program begins fixes the status at 200.
declare(strict_types=1);

const TOLERANCE_SECONDS = 300;

set_error_handler(function (int $level, string $message): never {
    throw new RuntimeException($message);
});
try {
    [$status, $answer] = receive((string) file_get_contents('php://input'));
} catch (Throwable $failure) {
    error_log('lead not stored: ' . $failure->getMessage());
    [$status, $answer] = [500, ['stored' => false, 'error' => 'not stored, see the log']];
}
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($answer), "\n";

/** @return array{int, array<string, mixed>} status and answer */
function receive(string $rawBody): array
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    if (!isGenuine($id, $rawBody)) {
        return [401, ['stored' => false, 'error' => 'signature or timestamp is wrong']];
    }
    $isNew = storeOnce(setting('LEADS_FOLDER'), $id, $rawBody);
    // Work that takes longer belongs into a program of its own that reads the folder.
    return [200, ['stored' => true, 'repeat' => !$isNew]];
}

/** As Standard Webhooks has it: HMAC-SHA256 over id, timestamp and the bytes of the body. */
function isGenuine(string $id, string $rawBody): bool
{
    $secret = setting('LEADLEDGER_SECRET');
    $key = str_starts_with($secret, 'whsec_') ? base64_decode(substr($secret, 6)) : $secret;
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$rawBody", $key, true));
    $genuine = false;
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        $genuine = hash_equals($expected, $given) || $genuine;
    }
    return $genuine && $id !== ''
        && preg_match('/^\d+$/D', $timestamp) === 1
        && abs(time() - (int) $timestamp) <= TOLERANCE_SECONDS;
}

/** One file per `webhook-id`, which holds the delivery as it came. Returns false where it was there already. */
function storeOnce(string $folder, string $id, string $rawBody): bool
{
    $lock = fopen("$folder/.lock", 'c');
    flock($lock, LOCK_EX); // until this request ends
    $file = "$folder/" . rawurlencode($id) . '.json';
    if (file_exists($file)) {
        return false;
    }
    // Under another name first: half a file must not count as stored.
    $part = fopen("$file.part", 'w');
    if (fwrite($part, $rawBody) !== strlen($rawBody) || !fsync($part) || !fclose($part)) {
        throw new RuntimeException("cannot write $file.part");
    }
    return rename("$file.part", $file) || throw new RuntimeException("cannot write $file");
}

function setting(string $name): string
{
    return getenv($name) ?: throw new RuntimeException("$name is not set");
}

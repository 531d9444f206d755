<?php
// Posts with WordPress' own HTTP library, as its plugins do: php wordpress-post.php WORDPRESS_FOLDER, with
// {"url": …, "args": {…}} on the standard input. Prints {"code": …, "body": …}, or {"error": …}.
// No database is there: what of WordPress asks one for the site's name is answered here.
error_reporting(E_ALL & ~E_DEPRECATED);
define('ABSPATH', rtrim($argv[1], '/') . '/');
define('WPINC', 'wp-includes');
define('WP_CONTENT_DIR', ABSPATH . 'wp-content');
function get_bloginfo($show = '') { return $show === 'version' ? '6.1.9' : 'https://www.handwerk.example'; }
function get_option($name, $default = false) { return $default; }
function get_site_option($name, $default = false) { return $default; }
function is_multisite() { return false; }
function get_status_header_desc($code) { return ''; }
function __($text) { return $text; }
function mbstring_binary_safe_encoding($reset = false) {}
function reset_mbstring_encoding() {}
foreach (['plugin.php', 'class-wp-error.php', 'formatting.php', 'kses.php', 'class-wp-http.php', 'class-wp-http-streams.php',
    'class-wp-http-curl.php', 'class-wp-http-proxy.php', 'class-wp-http-cookie.php', 'class-wp-http-encoding.php',
    'class-wp-http-response.php', 'class-wp-http-requests-response.php', 'class-wp-http-requests-hooks.php',
    'http.php'] as $file) require ABSPATH . WPINC . '/' . $file;
function wp_parse_args($args, $defaults = []) { return array_merge($defaults, $args); }
function is_wp_error($thing) { return $thing instanceof WP_Error; }
function wp_is_stream($path) { return false; }
function _doing_it_wrong() {}
function wp_json_encode($data) { return json_encode($data); }
$order = json_decode(stream_get_contents(STDIN), true);
// What plugins do to get a body of JSON.
if (isset($order['json'])) $order['args']['body'] = wp_json_encode($order['json']);
$answer = wp_remote_post($order['url'], $order['args']);
echo is_wp_error($answer)
    ? json_encode(['error' => $answer->get_error_message()])
    : json_encode(['code' => wp_remote_retrieve_response_code($answer), 'body' => wp_remote_retrieve_body($answer)]);

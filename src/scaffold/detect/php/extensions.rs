//! Extensions that `composer.json` asks for and the image of PHP does not have → the commands that add them.

use crate::scaffold::detect::{Advice, Line};
use crate::scaffold::project::{Folder, Value};

/// What the image has.
const THERE: [&str; 31] = [
    "core",
    "ctype",
    "curl",
    "date",
    "dom",
    "fileinfo",
    "filter",
    "ftp",
    "hash",
    "iconv",
    "json",
    "libxml",
    "mbstring",
    "mysqlnd",
    "openssl",
    "pcre",
    "pdo",
    "pdo_sqlite",
    "phar",
    "posix",
    "random",
    "readline",
    "reflection",
    "session",
    "simplexml",
    "sodium",
    "spl",
    "sqlite3",
    "standard",
    "tokenizer",
    "xml",
];
const THERE_TOO: [&str; 3] = ["xmlreader", "xmlwriter", "zlib"];

/// What the image's own command adds, with the library that it is built against.
const OWN: [(&str, &str); 29] = [
    ("bcmath", ""),
    ("bz2", "libbz2-dev"),
    ("calendar", ""),
    ("dba", ""),
    ("exif", ""),
    ("ffi", "libffi-dev"),
    ("gd", "libpng-dev"),
    ("gettext", ""),
    ("gmp", "libgmp-dev"),
    ("intl", "libicu-dev"),
    ("ldap", "libldap-dev"),
    ("mysqli", ""),
    ("opcache", ""),
    ("pcntl", ""),
    ("pdo_mysql", ""),
    ("pdo_pgsql", "libpq-dev"),
    ("pgsql", "libpq-dev"),
    ("shmop", ""),
    ("snmp", "libsnmp-dev"),
    ("soap", "libxml2-dev"),
    ("sockets", ""),
    ("sysvmsg", ""),
    ("sysvsem", ""),
    ("sysvshm", ""),
    ("tidy", "libtidy-dev"),
    ("xsl", "libxslt1-dev"),
    ("zip", "libzip-dev"),
    ("enchant", "libenchant-2-dev"),
    ("odbc", "unixodbc-dev"),
];

/// What PECL adds.
const PECL: [(&str, &str); 12] = [
    ("amqp", "librabbitmq-dev"),
    ("apcu", ""),
    ("ds", ""),
    ("igbinary", ""),
    ("imagick", "libmagickwand-dev"),
    ("memcached", "libmemcached-dev zlib1g-dev libssl-dev"),
    ("mongodb", "libssl-dev"),
    ("msgpack", ""),
    ("pcov", ""),
    ("redis", ""),
    ("xdebug", ""),
    ("yaml", "libyaml-dev"),
];

/// The commands; an extension that is not known is said.
pub(super) fn extensions(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> Vec<Line> {
    let sections = ["require", "require-dev"].iter().filter_map(|it| manifest.at(&[it]));
    let entries = || sections.clone().flat_map(Value::entries);
    let asked = entries().filter_map(|(name, _)| name.strip_prefix("ext-"));
    let mut names: Vec<String> = asked.map(|it| it.replace("zend-", "")).collect();
    names.retain(|it| !THERE.contains(&it.as_str()) && !THERE_TOO.contains(&it.as_str()));
    names.sort();
    names.dedup();
    let line = entries().find(|it| it.0.starts_with("ext-")).map_or(0, |it| it.1.line);
    let place = folder.place("composer.json", line);
    let (own, rest): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|it| OWN.iter().any(|own| own.0 == it));
    let (pecl, unknown): (Vec<String>, Vec<String>) =
        rest.into_iter().partition(|it| PECL.iter().any(|own| own.0 == it));
    if !unknown.is_empty() {
        advice.push(Advice::new(
            format!("nothing is known about the extension `{}` ({place})", unknown.join("` and `")),
            "add the commands that install it to the step `test`",
        ));
    }
    let libraries = OWN.iter().chain(&PECL).filter(|it| own.iter().chain(&pecl).any(|name| name == it.0));
    let libraries: Vec<&str> = libraries.map(|it| it.1).filter(|it| !it.is_empty()).collect();
    let mut commands = Vec::new();
    if !libraries.is_empty() {
        commands.push(format!("apt-get update && apt-get install -y {}", libraries.join(" ")));
    }
    if !own.is_empty() {
        commands.push(format!("docker-php-ext-install {}", own.join(" ")));
    }
    if !pecl.is_empty() {
        let all = pecl.join(" ");
        commands.push(format!("pecl install {all} && docker-php-ext-enable {all}"));
    }
    let mut why = format!("{place}: extensions that the image does not have");
    commands.into_iter().map(|it| Line::new(it, std::mem::take(&mut why))).collect()
}

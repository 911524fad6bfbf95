//! What a build asks for in C → the packages of Debian that have it. One line for each package.

/// A package, and the names that builds know it by: of pkg-config, of `CMake`, of the linker, of a crate, of a module of Go. All in
/// small letters.
type Package = (&'static str, &'static [&'static str]);

/// The packages that builds ask for most. What is not here is said to the owner, and not guessed.
static PACKAGES: &[Package] = &[
    ("bison", &["bison", "yacc"]),
    ("catch2", &["catch2"]),
    ("check", &["check"]),
    ("doctest-dev", &["doctest"]),
    ("flex", &["flex", "lex"]),
    ("gettext", &["gettext", "intl", "msgfmt"]),
    ("gperf", &["gperf"]),
    ("gtk-doc-tools", &["gtk-doc"]),
    ("libacl1-dev", &["libacl", "acl"]),
    ("libarchive-dev", &["libarchive", "archive"]),
    ("libasound2-dev", &["alsa", "asound", "alsa-sys"]),
    ("libattr1-dev", &["libattr", "attr"]),
    ("libavcodec-dev", &["libavcodec", "avcodec"]),
    ("libavformat-dev", &["libavformat", "avformat"]),
    ("libavutil-dev", &["libavutil", "avutil"]),
    ("libblas-dev", &["blas"]),
    ("libblkid-dev", &["blkid"]),
    ("libboost-all-dev", &["boost"]),
    ("libbsd-dev", &["libbsd", "bsd"]),
    ("libbz2-dev", &["bzip2", "bz2"]),
    ("libc-ares-dev", &["libcares", "c-ares", "cares"]),
    ("libcairo2-dev", &["cairo", "cairo-sys-rs"]),
    ("libcap-dev", &["libcap", "cap"]),
    ("libcjson-dev", &["libcjson", "cjson"]),
    ("libclang-dev", &["libclang", "clang-sys"]),
    ("libcmocka-dev", &["cmocka"]),
    ("libconfig-dev", &["libconfig", "config"]),
    ("libconfuse-dev", &["libconfuse", "confuse"]),
    ("libcppunit-dev", &["cppunit"]),
    ("libcriterion-dev", &["criterion"]),
    ("libcunit1-dev", &["cunit"]),
    ("libcurl4-openssl-dev", &["libcurl", "curl", "curl-sys"]),
    ("libdbus-1-dev", &["dbus-1", "libdbus-sys"]),
    ("libdrm-dev", &["libdrm"]),
    ("libdw-dev", &["libdw", "dw"]),
    ("libedit-dev", &["libedit", "edit"]),
    ("libeigen3-dev", &["eigen3"]),
    ("libelf-dev", &["libelf", "elf"]),
    ("libev-dev", &["libev", "ev"]),
    ("libevdev-dev", &["libevdev"]),
    (
        "libevent-dev",
        &["libevent", "libevent_core", "libevent_pthreads", "libevent_openssl", "event", "event_core"],
    ),
    ("libexpat1-dev", &["expat"]),
    ("libffi-dev", &["libffi", "ffi"]),
    ("libfftw3-dev", &["fftw3", "fftw3f"]),
    ("libflac-dev", &["flac"]),
    ("libfmt-dev", &["fmt"]),
    ("libfontconfig-dev", &["fontconfig", "yeslogic-fontconfig-sys", "servo-fontconfig-sys"]),
    ("libfreetype-dev", &["freetype2", "freetype"]),
    ("libfuse3-dev", &["fuse3"]),
    ("libgcrypt20-dev", &["libgcrypt", "gcrypt"]),
    ("libgdk-pixbuf-2.0-dev", &["gdk-pixbuf-2.0"]),
    ("libgdal-dev", &["gdal", "gdal-sys", "github.com/lukeroth/gdal", "github.com/airbusgeo/godal"]),
    ("libgeos-dev", &["geos", "geos_c", "geos-sys", "github.com/twpayne/go-geos"]),
    ("libgit2-dev", &["libgit2", "git2"]),
    ("libgl-dev", &["gl", "opengl", "github.com/go-gl/gl"]),
    ("libglew-dev", &["glew"]),
    ("libglfw3-dev", &["glfw3"]),
    (
        "libglib2.0-dev",
        &["glib-2.0", "gio-2.0", "gio-unix-2.0", "gobject-2.0", "gmodule-2.0", "gthread-2.0", "glib-sys"],
    ),
    ("libgmp-dev", &["gmp", "gmpxx"]),
    ("libgnutls28-dev", &["gnutls"]),
    ("libgpgme-dev", &["gpgme"]),
    ("libgsl-dev", &["gsl"]),
    ("libgtest-dev", &["gtest", "gtest_main", "googletest"]),
    ("libgtk-3-dev", &["gtk+-3.0", "gdk-3.0", "gtk-sys"]),
    ("libgtk-4-dev", &["gtk4", "gtk4-sys"]),
    ("libharfbuzz-dev", &["harfbuzz"]),
    ("libhdf5-dev", &["hdf5"]),
    ("libhiredis-dev", &["hiredis"]),
    ("libicu-dev", &["icu", "icu-uc", "icu-i18n", "icudata", "icui18n", "icuuc"]),
    ("libidn2-dev", &["libidn2", "idn2"]),
    ("libinih-dev", &["inih"]),
    ("libinput-dev", &["libinput"]),
    ("libjansson-dev", &["jansson"]),
    ("libjpeg-dev", &["libjpeg", "jpeg"]),
    ("libjson-c-dev", &["json-c"]),
    ("libkrb5-dev", &["krb5", "krb5-gssapi", "gssapi", "gssapi_krb5"]),
    ("liblapack-dev", &["lapack"]),
    ("libldap-dev", &["ldap", "lber"]),
    ("liblua5.4-dev", &["lua5.4", "lua-5.4", "lua54"]),
    ("liblua5.3-dev", &["lua5.3", "lua-5.3", "lua53"]),
    ("libluajit-5.1-dev", &["luajit"]),
    ("liblz4-dev", &["liblz4", "lz4"]),
    ("liblzma-dev", &["liblzma", "lzma"]),
    ("libmagic-dev", &["libmagic", "magic"]),
    (
        "libmagickwand-dev",
        &["magickwand", "gopkg.in/gographics/imagick.v3", "gopkg.in/gographics/imagick.v2"],
    ),
    ("libmariadb-dev", &["libmariadb", "mariadb", "mysqlclient"]),
    ("libmaxminddb-dev", &["libmaxminddb", "maxminddb"]),
    ("libmicrohttpd-dev", &["libmicrohttpd", "microhttpd"]),
    ("libmount-dev", &["mount"]),
    ("libmpfr-dev", &["mpfr"]),
    ("libmsgpack-dev", &["msgpack", "msgpackc"]),
    (
        "libncurses-dev",
        &["curses", "ncurses", "ncursesw", "tinfo", "tinfow", "panel", "panelw", "menu", "form", "terminfo"],
    ),
    ("libnghttp2-dev", &["libnghttp2", "nghttp2"]),
    ("libnotify-dev", &["libnotify"]),
    ("libnuma-dev", &["numa"]),
    ("libogg-dev", &["ogg"]),
    ("libonig-dev", &["oniguruma", "onig"]),
    ("libopencv-dev", &["opencv", "opencv4"]),
    ("libopenmpi-dev", &["mpi"]),
    ("libopus-dev", &["opus"]),
    ("libpam0g-dev", &["pam", "github.com/msteinert/pam"]),
    ("libpango1.0-dev", &["pango", "pangocairo", "pangoft2", "pango-sys"]),
    (
        "libpcap-dev",
        &["libpcap", "pcap", "github.com/google/gopacket/pcap", "github.com/gopacket/gopacket/pcap"],
    ),
    ("libpcre2-dev", &["libpcre2-8", "pcre2", "pcre2-8"]),
    ("libpng-dev", &["libpng", "libpng16", "png"]),
    ("libpopt-dev", &["popt"]),
    ("portaudio19-dev", &["portaudio-2.0", "portaudio", "github.com/gordonklaus/portaudio"]),
    ("libpq-dev", &["libpq", "pq", "postgresql", "pq-sys"]),
    ("libproj-dev", &["proj", "proj-sys", "github.com/twpayne/go-proj"]),
    ("libprotobuf-dev protobuf-compiler", &["protobuf"]),
    ("protobuf-compiler", &["protoc", "prost-build", "tonic-build", "protobuf-codegen"]),
    ("libpulse-dev", &["libpulse", "libpulse-simple"]),
    ("libreadline-dev", &["readline"]),
    ("libsasl2-dev", &["libsasl2", "sasl2"]),
    ("libsdl2-dev", &["sdl2", "sdl2-sys"]),
    ("libseccomp-dev", &["libseccomp", "seccomp"]),
    ("libsecret-1-dev", &["libsecret-1"]),
    ("libselinux1-dev", &["libselinux", "selinux"]),
    ("libsndfile1-dev", &["sndfile"]),
    ("libsodium-dev", &["libsodium", "sodium"]),
    ("libspdlog-dev", &["spdlog"]),
    ("libsqlite3-dev", &["sqlite3", "sqlite"]),
    ("libssh-dev", &["libssh"]),
    ("libssh2-1-dev", &["libssh2", "ssh2"]),
    ("libssl-dev", &["openssl", "libssl", "libcrypto", "ssl", "crypto", "openssl-sys"]),
    ("libswscale-dev", &["libswscale", "swscale"]),
    ("libsystemd-dev", &["libsystemd", "systemd", "libsystemd-sys"]),
    ("libtiff-dev", &["libtiff-4", "tiff"]),
    ("libudev-dev", &["libudev", "udev", "libudev-sys", "hidapi"]),
    ("libunistring-dev", &["unistring"]),
    ("libunwind-dev", &["libunwind", "unwind"]),
    ("liburing-dev", &["liburing", "uring"]),
    ("libusb-1.0-0-dev", &["libusb-1.0", "usb-1.0", "libusb1-sys"]),
    ("libutf8proc-dev", &["libutf8proc", "utf8proc"]),
    ("libuv1-dev", &["libuv", "uv"]),
    ("libvips-dev", &["vips", "vips-cpp", "github.com/h2non/bimg", "github.com/davidbyttow/govips"]),
    ("libvorbis-dev", &["vorbis", "vorbisfile"]),
    ("libvulkan-dev", &["vulkan"]),
    ("libwayland-dev", &["wayland-client", "wayland-server", "wayland-sys"]),
    ("libwebp-dev", &["libwebp", "webp"]),
    ("libx11-dev", &["x11", "x11-xcb"]),
    ("libxcb1-dev", &["xcb"]),
    ("libxcursor-dev", &["xcursor"]),
    ("libxext-dev", &["xext"]),
    ("libxfixes-dev", &["xfixes"]),
    ("libxft-dev", &["xft"]),
    ("libxi-dev", &["xi"]),
    ("libxinerama-dev", &["xinerama"]),
    ("libxkbcommon-dev", &["xkbcommon", "xkbcommon-x11"]),
    ("libxxhash-dev", &["libxxhash", "xxhash"]),
    ("libxml2-dev", &["libxml-2.0", "libxml2", "xml2"]),
    ("libxrandr-dev", &["xrandr"]),
    ("libxrender-dev", &["xrender"]),
    ("libxslt1-dev", &["libxslt", "xslt"]),
    ("libyaml-dev", &["yaml-0.1", "yaml"]),
    ("libzip-dev", &["libzip"]),
    ("libzmq3-dev", &["libzmq", "zmq", "zeromq", "github.com/pebbe/zmq4"]),
    ("libzstd-dev", &["libzstd", "zstd"]),
    ("nasm", &["nasm"]),
    ("nettle-dev", &["nettle", "hogweed"]),
    ("nlohmann-json3-dev", &["nlohmann_json"]),
    ("perl", &["perl"]),
    ("pkg-config", &["pkg-config", "pkgconfig"]),
    ("python3", &["python", "python3", "pythoninterp"]),
    ("qt6-base-dev", &["qt6"]),
    ("qtbase5-dev", &["qt5"]),
    ("uuid-dev", &["uuid"]),
    ("xsltproc", &["xsltproc"]),
    ("zlib1g-dev", &["zlib", "z"]),
];

/// Something that a build asks for, and where it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) place: String,
    /// True when the build ends without it.
    pub(crate) required: bool,
}

impl Asked {
    pub(crate) fn new(name: impl Into<String>, place: impl Into<String>, required: bool) -> Self {
        Self { name: name.into(), place: place.into(), required }
    }
}

/// The names of modules of Go that are built on one of the libraries.
pub(crate) fn modules() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().flat_map(|it| it.1).copied().filter(|it| it.contains(".com/") || it.contains(".in/"))
}

/// The package that has it.
pub(crate) fn package(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    PACKAGES.iter().find(|it| it.1.contains(&name.as_str())).map(|it| it.0)
}

/// What to install, each once and in the order of the alphabet, with the places that ask for it; and what nobody here knows.
pub(crate) fn packages(asked: &[Asked]) -> (Vec<(&'static str, String)>, Vec<Asked>) {
    let mut known: Vec<(&'static str, String)> = Vec::new();
    let mut unknown: Vec<Asked> = Vec::new();
    for it in asked {
        match package(&it.name) {
            Some(package) if known.iter().all(|own| own.0 != package) => {
                known.push((package, it.place.clone()));
            }
            None if it.required && unknown.iter().all(|own| own.name != it.name) => unknown.push(it.clone()),
            _ => {}
        }
    }
    known.sort_unstable();
    (known, unknown)
}

#[cfg(test)]
mod tests {
    use super::{Asked, PACKAGES, package, packages};

    #[test]
    fn a_library_has_one_package_whatever_it_is_called() {
        assert_eq!(package("OpenSSL"), Some("libssl-dev"));
        assert_eq!(package("crypto"), Some("libssl-dev"));
        assert_eq!(package("nobody-knows"), None);
        let names: Vec<_> = PACKAGES.iter().flat_map(|it| it.1).collect();
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(names.len(), once.len(), "a name stands for one package");
        assert!(names.iter().all(|it| it.chars().all(|it| !it.is_uppercase())));
    }

    #[test]
    fn what_is_not_known_is_kept_only_where_the_build_needs_it() {
        let asked = [
            Asked::new("z", "a:1", true),
            Asked::new("zlib", "a:2", true),
            Asked::new("odd", "a:3", true),
            Asked::new("strange", "a:4", false),
        ];
        let (known, unknown) = packages(&asked);
        assert_eq!(known, [("zlib1g-dev", "a:1".to_owned())]);
        assert_eq!(unknown, [Asked::new("odd", "a:3", true)]);
    }
}

//! Which versions of the official images nobody maintains any more, and since when.
//!
//! Year and month, as the projects publish them, for the support that everybody gets. Only what was over by [`AS_OF`] is
//! here. A version may be short: `5` is looked at after `5.7`, and stands for the last one of its line.

/// Until when the table knows what is over.
#[cfg(test)]
const AS_OF: &str = "2026-11";

/// An official image.
pub(super) struct Product {
    /// Its name in a registry.
    pub(super) image: &'static str,
    /// Its name in a sentence.
    pub(super) name: &'static str,
    /// What to move to.
    pub(super) next: &'static str,
    /// Versions, long ones first, and when each ended. An empty one is any.
    pub(super) ended: &'static [(&'static str, &'static str)],
}

/// Systems that official images are made for, and when they ended.
pub(super) const CODENAMES: &[(&str, &str)] = &[
    ("wheezy", "2018-05"),
    ("jessie", "2020-06"),
    ("stretch", "2022-06"),
    ("buster", "2024-06"),
    ("bullseye", "2026-08"),
];

/// The images, by name.
pub(super) const PRODUCTS: &[Product] = &[
    Product {
        image: "adoptopenjdk",
        name: "the image `adoptopenjdk`",
        next: "`eclipse-temurin`",
        ended: &[("", "2021-08")],
    },
    Product {
        image: "alpine",
        name: "Alpine",
        next: "Alpine 3.22 or later",
        ended: &[
            ("3.1", "2016-11"),
            ("3.2", "2017-05"),
            ("3.3", "2017-11"),
            ("3.4", "2018-05"),
            ("3.5", "2018-11"),
            ("3.6", "2019-05"),
            ("3.7", "2019-11"),
            ("3.8", "2020-05"),
            ("3.9", "2020-11"),
            ("3.10", "2021-05"),
            ("3.11", "2021-11"),
            ("3.12", "2022-05"),
            ("3.13", "2022-11"),
            ("3.14", "2023-05"),
            ("3.15", "2023-11"),
            ("3.16", "2024-05"),
            ("3.17", "2024-11"),
            ("3.18", "2025-05"),
            ("3.19", "2025-11"),
            ("3.20", "2026-04"),
            ("3.21", "2026-11"),
            ("2", "2017-11"),
        ],
    },
    Product {
        image: "centos",
        name: "CentOS",
        next: "`almalinux` or `rockylinux`",
        ended: &[("6", "2020-11"), ("7", "2024-06"), ("8", "2021-12")],
    },
    Product {
        image: "debian",
        name: "Debian",
        next: "Debian 12 (`bookworm`) or later",
        ended: &[
            ("7", "2018-05"),
            ("8", "2020-06"),
            ("9", "2022-06"),
            ("10", "2024-06"),
            ("11", "2026-08"),
            ("wheezy", "2018-05"),
            ("jessie", "2020-06"),
            ("stretch", "2022-06"),
            ("buster", "2024-06"),
            ("bullseye", "2026-08"),
        ],
    },
    Product {
        image: "elasticsearch",
        name: "Elasticsearch",
        next: "Elasticsearch 8 or later",
        ended: &[("2", "2018-02"), ("5", "2019-03"), ("6", "2022-02"), ("7", "2026-01")],
    },
    Product {
        image: "golang",
        name: "Go",
        next: "Go 1.26 or later",
        ended: &[
            ("1.5", "2016-08"),
            ("1.6", "2017-02"),
            ("1.7", "2017-08"),
            ("1.8", "2018-02"),
            ("1.9", "2018-08"),
            ("1.10", "2019-02"),
            ("1.11", "2019-09"),
            ("1.12", "2020-02"),
            ("1.13", "2020-08"),
            ("1.14", "2021-02"),
            ("1.15", "2021-08"),
            ("1.16", "2022-03"),
            ("1.17", "2022-08"),
            ("1.18", "2023-02"),
            ("1.19", "2023-08"),
            ("1.20", "2024-02"),
            ("1.21", "2024-08"),
            ("1.22", "2025-02"),
            ("1.23", "2025-08"),
            ("1.24", "2026-02"),
        ],
    },
    Product {
        image: "mariadb",
        name: "MariaDB",
        next: "MariaDB 10.11 or later",
        ended: &[
            ("5.5", "2020-04"),
            ("10.0", "2019-03"),
            ("10.1", "2020-10"),
            ("10.2", "2022-05"),
            ("10.3", "2023-05"),
            ("10.4", "2024-06"),
            ("10.5", "2025-06"),
            ("10.6", "2026-07"),
            ("5", "2020-04"),
        ],
    },
    Product {
        image: "mongo",
        name: "MongoDB",
        next: "MongoDB 7 or later",
        ended: &[
            ("4.0", "2022-04"),
            ("4.2", "2023-04"),
            ("4.4", "2024-02"),
            ("2", "2018-03"),
            ("3", "2021-04"),
            ("4", "2024-02"),
            ("5", "2024-10"),
            ("6", "2025-07"),
        ],
    },
    Product {
        image: "mysql",
        name: "MySQL",
        next: "MySQL 8.4 or later",
        ended: &[
            ("5.5", "2018-12"),
            ("5.6", "2021-02"),
            ("5.7", "2023-10"),
            ("8.0", "2026-04"),
            ("5", "2023-10"),
        ],
    },
    Product {
        image: "node",
        name: "Node.js",
        next: "Node.js 22 or later",
        ended: &[
            ("0", "2016-12"),
            ("4", "2018-04"),
            ("5", "2016-06"),
            ("6", "2019-04"),
            ("7", "2017-06"),
            ("8", "2019-12"),
            ("9", "2018-06"),
            ("10", "2021-04"),
            ("11", "2019-06"),
            ("12", "2022-04"),
            ("13", "2020-06"),
            ("14", "2023-04"),
            ("15", "2021-06"),
            ("16", "2023-09"),
            ("17", "2022-06"),
            ("18", "2025-04"),
            ("19", "2023-06"),
            ("20", "2026-04"),
            ("21", "2024-06"),
            ("23", "2025-06"),
        ],
    },
    Product {
        image: "openjdk",
        name: "the image `openjdk`",
        next: "`eclipse-temurin`, or the image of another maker of Java",
        ended: &[("", "2022-07")],
    },
    Product {
        image: "php",
        name: "PHP",
        next: "PHP 8.2 or later",
        ended: &[
            ("7.0", "2019-01"),
            ("7.1", "2019-12"),
            ("7.2", "2020-11"),
            ("7.3", "2021-12"),
            ("7.4", "2022-11"),
            ("8.0", "2023-11"),
            ("8.1", "2025-12"),
            ("5", "2018-12"),
            ("7", "2022-11"),
        ],
    },
    Product {
        image: "postgres",
        name: "PostgreSQL",
        next: "PostgreSQL 15 or later",
        ended: &[
            ("9.1", "2016-10"),
            ("9.2", "2017-11"),
            ("9.3", "2018-11"),
            ("9.4", "2020-02"),
            ("9.5", "2021-02"),
            ("9.6", "2021-11"),
            ("9", "2021-11"),
            ("10", "2022-11"),
            ("11", "2023-11"),
            ("12", "2024-11"),
            ("13", "2025-11"),
            ("14", "2026-11"),
        ],
    },
    Product {
        image: "python",
        name: "Python",
        next: "Python 3.11 or later",
        ended: &[
            ("3.0", "2009-06"),
            ("3.1", "2012-04"),
            ("3.2", "2016-02"),
            ("3.3", "2017-09"),
            ("3.4", "2019-03"),
            ("3.5", "2020-09"),
            ("3.6", "2021-12"),
            ("3.7", "2023-06"),
            ("3.8", "2024-10"),
            ("3.9", "2025-10"),
            ("3.10", "2026-10"),
            ("2", "2020-01"),
        ],
    },
    Product {
        image: "redis",
        name: "Redis",
        next: "a newer Redis",
        ended: &[("2", "2018-10"), ("3", "2018-10"), ("4", "2020-04"), ("5", "2022-04")],
    },
    Product {
        image: "ruby",
        name: "Ruby",
        next: "Ruby 3.3 or later",
        ended: &[
            ("2.0", "2016-02"),
            ("2.1", "2017-04"),
            ("2.2", "2018-03"),
            ("2.3", "2019-03"),
            ("2.4", "2020-03"),
            ("2.5", "2021-03"),
            ("2.6", "2022-04"),
            ("2.7", "2023-03"),
            ("3.0", "2024-04"),
            ("3.1", "2025-03"),
            ("3.2", "2026-03"),
            ("1", "2015-02"),
            ("2", "2023-03"),
        ],
    },
    Product {
        image: "ubuntu",
        name: "Ubuntu",
        next: "Ubuntu 22.04 or later",
        ended: &[
            ("12.04", "2017-04"),
            ("14.04", "2019-04"),
            ("16.04", "2021-04"),
            ("18.04", "2023-05"),
            ("20.04", "2025-05"),
            ("19.04", "2020-01"),
            ("19.10", "2020-07"),
            ("20.10", "2021-07"),
            ("21.04", "2022-01"),
            ("21.10", "2022-07"),
            ("22.10", "2023-07"),
            ("23.04", "2024-01"),
            ("23.10", "2024-07"),
            ("24.10", "2025-07"),
            ("25.04", "2026-01"),
            ("trusty", "2019-04"),
            ("xenial", "2021-04"),
            ("bionic", "2023-05"),
            ("focal", "2025-05"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_looks_back_only() {
        assert!(PRODUCTS.is_sorted_by_key(|it| it.image), "it is searched by halves");
        for product in PRODUCTS {
            let lengths: Vec<usize> = product.ended.iter().map(|it| it.0.split('.').count()).collect();
            assert!(lengths.is_sorted_by(|a, b| a >= b), "{}: long versions come first", product.image);
        }
        let dates = PRODUCTS.iter().flat_map(|it| it.ended).chain(CODENAMES).map(|it| it.1);
        for date in dates {
            assert!(date.len() == 7 && date > "2009-00" && date <= AS_OF, "{date}");
        }
    }
}

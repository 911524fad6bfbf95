//! A file → its checksum in the method that a setting names.

use std::io::Read;

use sha2::Digest;

use crate::run::shelf::hex;

const CHUNK: usize = 64 * 1024;

/// A method that release plugins know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Adler32,
    Crc32,
}

impl Method {
    /// The method of this name. `blake2b` and `blake2s`, which some versions know, are not among them.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha512" => Self::Sha512,
            "adler32" => Self::Adler32,
            "crc32" => Self::Crc32,
            _ => return None,
        })
    }

    /// The checksum as the plugins write it: digits of base 16, and of base 10 for the two short ones.
    pub(super) fn of(self, file: &mut dyn Read) -> std::io::Result<String> {
        match self {
            Self::Md5 => digest::<md5::Md5>(file),
            Self::Sha1 => digest::<sha1::Sha1>(file),
            Self::Sha256 => digest::<sha2::Sha256>(file),
            Self::Sha512 => digest::<sha2::Sha512>(file),
            Self::Adler32 => {
                let mut sum = adler2::Adler32::new();
                each(file, |it| sum.write_slice(it))?;
                Ok(sum.checksum().to_string())
            }
            Self::Crc32 => {
                let mut sum = crc32fast::Hasher::new();
                each(file, |it| sum.update(it))?;
                Ok(sum.finalize().to_string())
            }
        }
    }
}

fn digest<D: Digest>(file: &mut dyn Read) -> std::io::Result<String> {
    let mut digest = D::new();
    each(file, |it| digest.update(it))?;
    Ok(hex(&digest.finalize()))
}

/// The bytes of the digest, for who writes them otherwise.
pub(super) fn bytes<D: Digest>(file: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut digest = D::new();
    each(file, |it| digest.update(it))?;
    Ok(digest.finalize().to_vec())
}

fn each(file: &mut dyn Read, mut take: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => take(&chunk[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_usual_programs() {
        let cases = [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("adler32", "38600999"),
            ("crc32", "891568578"),
        ];
        for (name, sum) in cases {
            assert_eq!(Method::named(name).unwrap().of(&mut &b"abc"[..]).unwrap(), sum, "{name}");
        }
        assert!(
            Method::named("sha512").unwrap().of(&mut &b"abc"[..]).unwrap().starts_with("ddaf35a193617aba")
        );
        assert_eq!(Method::named("blake2b"), None);
    }
}

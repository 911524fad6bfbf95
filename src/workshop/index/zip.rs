//! Files → the bytes of a ZIP archive that holds them uncompressed. Wheels are ZIP archives; these are a few kilobytes.

use flate2::Crc;

use crate::engine::course::Files;

/// 1 January 1980, the first day that the format knows: the same files give the same bytes.
const DAY: u16 = 0b0000_0000_0010_0001;
/// The version of the format that a reader must know.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// A regular file that everybody may read, as Unix says it.
const MODE: u32 = 0o100_644 << 16;

/// The archive, with the files in the order of their names.
pub(super) fn stored(files: &Files) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = length(&archive);
        let entry = entry(name, content);
        put(&mut archive, &[b"PK\x03\x04", &entry, name.as_bytes(), content]);
        let made_by_unix = (3 << 8 | VERSION).to_le_bytes();
        // No comment, first disk, no inner attributes.
        put(&mut directory, &[b"PK\x01\x02", &made_by_unix, &entry, &[0; 6]]);
        put(&mut directory, &[&MODE.to_le_bytes(), &offset, name.as_bytes()]);
    }
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes();
    let (size, offset) = (length(&directory), length(&archive));
    put(&mut archive, &[&directory, b"PK\x05\x06", &[0; 4], &count, &count, &size, &offset, &[0; 2]]);
    archive
}

/// What stands before a file, and once more in the directory.
fn entry(name: &str, content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(content);
    let name = u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes();
    let mut entry = Vec::new();
    // Method 0, time 0, and no extra field.
    put(&mut entry, &[&VERSION.to_le_bytes(), &UTF8.to_le_bytes(), &[0; 4], &DAY.to_le_bytes()]);
    put(&mut entry, &[&crc.sum().to_le_bytes(), &length(content), &length(content), &name, &[0; 2]]);
    entry
}

fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}

fn put(out: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        out.extend_from_slice(part);
    }
}

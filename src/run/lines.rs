//! interim
use crate::run::mask::Mask;
use std::io::{self, Write};
/// interim
pub struct Lines<G: FnMut(&[u8])> {
    give: G,
    rest: Vec<u8>,
    last: std::collections::VecDeque<String>,
}
impl<G: FnMut(&[u8])> Lines<G> {
    /// interim
    pub fn new(_: &Mask, give: G) -> Self {
        Self { give, rest: Vec::new(), last: std::collections::VecDeque::new() }
    }
    /// interim
    pub fn finish(mut self) -> Vec<String> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.line(&rest);
        }
        self.last.into()
    }
    fn line(&mut self, line: &[u8]) {
        (self.give)(line);
        for it in line.split(|it| *it == b'\n') {
            self.last.push_back(String::from_utf8_lossy(it).into_owned());
        }
        while self.last.len() > 20 {
            self.last.pop_front();
        }
    }
}
impl<G: FnMut(&[u8])> Write for Lines<G> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        if let Some(end) = self.rest.iter().rposition(|it| *it == b'\n') {
            let rest = self.rest.split_off(end + 1);
            let mut block = std::mem::replace(&mut self.rest, rest);
            block.pop();
            self.line(&block);
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

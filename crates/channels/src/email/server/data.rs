//! The bytes between DATA and its end. Only CR LF . CR LF ends a mail (security row 5): every other combination of CR,
//! LF and dot is text.

/// Collects one mail.
#[derive(Debug)]
pub(super) struct Data {
    state: State,
    body: Vec<u8>,
    max: usize,
    seen: usize,
    bare_newline: bool,
    dropped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// After CR LF.
    LineStart,
    /// After CR LF dot.
    Dot,
    /// After CR LF dot CR.
    DotCr,
    /// In a line.
    Text,
    /// After a CR in a line.
    Cr,
}

impl Data {
    pub(super) fn new(max: usize) -> Self {
        Self { state: State::LineStart, body: Vec::new(), max, seen: 0, bare_newline: false, dropped: false }
    }

    /// Takes bytes from the wire. `Some(n)`: the mail ended after the first `n` of them.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            match (self.state, byte) {
                (State::LineStart, b'.') => self.state = State::Dot,
                (State::LineStart, _) => {
                    self.state = State::Text;
                    continue;
                }
                (State::Dot, b'\r') => self.state = State::DotCr,
                (State::Dot, _) => {
                    if byte == b'\n' {
                        self.push(b".");
                    }
                    self.state = State::Text;
                    continue;
                }
                (State::DotCr, b'\n') => {
                    self.seen += at + 1;
                    return Some(at + 1);
                }
                (State::DotCr, _) => {
                    self.push(b".");
                    self.state = State::Cr;
                    continue;
                }
                (State::Text, b'\r') => self.state = State::Cr,
                (State::Text, b'\n') => {
                    self.bare_newline = true;
                    self.push(b"\r\n");
                }
                (State::Text, _) => {
                    let rest = &chunk[at..];
                    let run = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
                    self.push(&rest[..run]);
                    at += run;
                    continue;
                }
                (State::Cr, b'\n') => {
                    self.push(b"\r\n");
                    self.state = State::LineStart;
                }
                // CR CR LF is a common accident of double conversion: one line end, not two.
                (State::Cr, b'\r') => self.bare_newline = true,
                (State::Cr, _) => {
                    self.bare_newline = true;
                    self.push(b"\r\n");
                    self.state = State::Text;
                    continue;
                }
            }
            at += 1;
        }
        self.seen += chunk.len();
        None
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.dropped {
            return;
        }
        if self.body.len() + bytes.len() > self.max {
            self.drop_body();
            return;
        }
        self.body.extend_from_slice(bytes);
    }

    /// Gives up on the mail: what follows is read and forgotten.
    pub(super) fn drop_body(&mut self) {
        self.dropped = true;
        self.body = Vec::new();
    }

    /// True when the mail was larger than allowed (or was given up).
    pub(super) fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// Bytes read from the wire so far.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// A CR or LF stood alone somewhere.
    pub(super) fn had_bare_newline(&self) -> bool {
        self.bare_newline
    }

    pub(super) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `wire` in pieces of every size; the outcome must not depend on how the network cut it.
    fn read(wire: &[u8]) -> (Option<usize>, Vec<u8>, bool) {
        let mut outcomes = (1..=wire.len()).map(|piece| {
            let mut data = Data::new(1 << 20);
            let mut before = 0;
            for chunk in wire.chunks(piece) {
                if let Some(n) = data.feed(chunk) {
                    assert_eq!(data.seen(), before + n);
                    return (Some(before + n), data.had_bare_newline(), data.into_body());
                }
                before += chunk.len();
            }
            (None, data.had_bare_newline(), data.into_body())
        });
        let first = outcomes.next().expect("at least one byte");
        for other in outcomes {
            assert_eq!(first, other, "the cut of the network changed the mail");
        }
        (first.0, first.2, first.1)
    }

    #[test]
    fn the_right_end_ends() {
        assert_eq!(read(b"a\r\n.\r\nQUIT\r\n"), (Some(6), b"a\r\n".to_vec(), false));
        assert_eq!(read(b".\r\n"), (Some(3), Vec::new(), false));
    }

    #[test]
    fn a_stuffed_dot_loses_its_stuffing() {
        assert_eq!(read(b"..a\r\n...\r\n.b\r\n.\r\n").1, b".a\r\n..\r\nb\r\n");
    }

    #[test]
    fn nothing_but_crlf_dot_crlf_ends_a_mail() {
        for fake in
            [&b"a\n.\r\nb"[..], b"a\n.\nb", b"a\r\n.\nb", b"a\r.\r\nb", b"a\r.\rb", b"a\r\n.\rb", b"a\n\n.\r\nb", b"a\r\n.\r\rb", b"a\0\n.\r\nb"]
        {
            let mut wire = fake.to_vec();
            wire.extend_from_slice(b"\r\n.\r\n");
            let (end, body, bare) = read(&wire);
            assert_eq!(end, Some(wire.len()), "{}", fake.escape_ascii());
            assert!(bare, "{}", fake.escape_ascii());
            assert!(body.ends_with(b"b\r\n"), "{}", body.escape_ascii());
            let lone = body.windows(2).any(|w| (w[1] == b'\n') != (w[0] == b'\r'));
            assert!(!lone, "{} became {}", fake.escape_ascii(), body.escape_ascii());
        }
    }

    #[test]
    fn a_mail_over_the_limit_is_read_to_its_end_but_not_kept() {
        let mut data = Data::new(10);
        let wire = b"0123456789ab\r\n.\r\n";
        assert_eq!(data.feed(wire), Some(wire.len()));
        assert!(data.is_dropped());
        assert!(data.into_body().is_empty());
    }
}

//! A place in the log.

/// A place in the log: PostgreSQL transaction (0 on SQLite), then sequence. Written `txid-seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cursor {
    /// The transaction that wrote it.
    pub txid: i64,
    /// Its number within the log.
    pub seq: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.txid, self.seq)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (txid, seq) = text.split_once('-').ok_or(())?;
        let cursor = Self { txid: txid.parse().map_err(|_| ())?, seq: seq.parse().map_err(|_| ())? };
        if cursor.txid < 0 || cursor.seq < 0 { Err(()) } else { Ok(cursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_garbage_does_not() {
        let cursor = Cursor { txid: 7, seq: 12 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "7", "a-1", "-1-2", "1--2", "99999999999999999999-1"] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad}");
        }
    }
}

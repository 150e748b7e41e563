//! Lines and bytes of one connection, with time limits. Answers are collected and leave before the next read, so
//! that pipelined commands cost one packet.

use std::{fmt, io, time::Duration};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use crate::email::dial::Stream;

pub(super) struct Wire {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: Vec<u8>,
}

/// Why nothing more can be read.
#[derive(Debug)]
pub(super) enum Gone {
    /// The other side went away.
    Closed,
    /// It stayed silent too long.
    Silent,
}

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// One command line.
pub(super) enum Line {
    /// Without its CRLF.
    Text(Vec<u8>),
    /// Longer than allowed; it was skipped.
    TooLong,
    /// Ended by a lone LF or with a lone CR inside; it was skipped.
    BareNewline,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, input: BytesMut::with_capacity(8 * 1024), output: Vec::new() }
    }

    /// Queues an answer; the first word of each line is the code.
    pub(super) fn answer(&mut self, line: impl fmt::Display) {
        use io::Write;
        // Writing to a Vec cannot fail.
        let _ = write!(self.output, "{line}\r\n");
    }

    /// Sends the queued answers.
    pub(super) async fn flush(&mut self, limit: Duration) -> Result<(), Gone> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = async {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await
        };
        timeout(limit, write).await.map_err(|_| Gone::Silent)??;
        self.output.clear();
        Ok(())
    }

    /// True when the client has already sent more than was read.
    pub(super) fn has_input(&self) -> bool {
        !self.input.is_empty()
    }

    /// Reads one command line; the whole line must arrive within `limit`.
    pub(super) async fn line(&mut self, max: usize, limit: Duration) -> Result<Line, Gone> {
        if !self.input.contains(&b'\n') {
            self.flush(limit).await?;
        }
        timeout(limit, self.read_line(max)).await.map_err(|_| Gone::Silent)?
    }

    async fn read_line(&mut self, max: usize) -> Result<Line, Gone> {
        let mut too_long = false;
        let mut searched = 0;
        loop {
            if let Some(end) = self.input[searched..].iter().position(|&b| b == b'\n').map(|at| searched + at) {
                let line = self.input.split_to(end + 1);
                if too_long || line.len() > max {
                    return Ok(Line::TooLong);
                }
                return Ok(match line.strip_suffix(b"\r\n") {
                    Some(text) if !text.contains(&b'\r') => Line::Text(text.to_vec()),
                    _ => Line::BareNewline,
                });
            }
            searched = self.input.len();
            if searched > max {
                // The rest of an endless line is skipped without keeping it.
                too_long = true;
                self.input.clear();
                searched = 0;
            }
            self.fill().await?;
        }
    }

    /// What is buffered, waiting at most `limit` for something when nothing is.
    pub(super) async fn block(&mut self, limit: Duration) -> Result<&[u8], Gone> {
        if self.input.is_empty() {
            self.flush(limit).await?;
            timeout(limit, self.fill()).await.map_err(|_| Gone::Silent)??;
        }
        Ok(&self.input)
    }

    /// Takes `n` buffered bytes away.
    pub(super) fn consume(&mut self, n: usize) {
        self.input.advance(n);
    }

    async fn fill(&mut self) -> Result<(), Gone> {
        self.input.reserve(16 * 1024);
        if self.stream.read_buf(&mut self.input).await? == 0 {
            return Err(Gone::Closed);
        }
        Ok(())
    }

    /// Gives the raw stream away, for TLS. Queued answers and input are dropped.
    pub(super) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    /// Says good-bye to the transport.
    pub(super) async fn close(mut self, limit: Duration) {
        let _ = self.flush(limit).await;
        let _ = timeout(limit, self.stream.shutdown()).await;
    }
}

//! HTTP/1.1 over one kept connection: little more than the bytes, so that the measuring costs little.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;

/// One connection to the server.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Builds requests with the right headers.
#[derive(Debug, Clone)]
pub struct Requests {
    /// `Authorization`.
    pub token: String,
}

impl Requests {
    /// A GET.
    pub fn get(&self, path: &str) -> Vec<u8> {
        format!("GET /api/v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\n\r\n", self.token).into_bytes()
    }

    /// Any method with a JSON body.
    pub fn send(&self, method: &str, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )
        .into_bytes()
    }
}

impl Requests {
    /// A POST that may be sent again: with the same key it happens once.
    pub fn once(&self, path: &str, body: &Value, key: &str) -> Vec<u8> {
        let plain = String::from_utf8_lossy(&self.send("POST", path, body)).into_owned();
        plain.replacen("\r\n", &format!("\r\nIdempotency-Key: {key}\r\n"), 1).into_bytes()
    }
}

impl Client {
    /// Connects.
    pub async fn connect(to: std::net::SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    async fn more(&mut self) -> Result<(), Failure> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(())
    }

    /// Sends a request and reads the whole answer; its status and body stay until the next call.
    pub async fn call(&mut self, request: &[u8]) -> Result<(u16, &[u8]), Failure> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let (status, start, head) = self.head().await?;
        if let Some(length) = header(&head, "content-length").and_then(|v| v.parse::<usize>().ok()) {
            while self.buffer.len() < start + length {
                self.more().await?;
            }
            return Ok((status, &self.buffer[start..start + length]));
        }
        if header(&head, "transfer-encoding").is_some() {
            while !self.buffer.ends_with(b"0\r\n\r\n") {
                self.more().await?;
            }
        }
        Ok((status, &self.buffer[start..]))
    }

    /// Sends a request and reads JSON; any status but a good one is an error.
    pub async fn json(&mut self, request: &[u8]) -> Result<Value, Failure> {
        let (status, body) = self.call(request).await?;
        if !(200..300).contains(&status) {
            return Err(format!("{status}: {}", String::from_utf8_lossy(body)).into());
        }
        if body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_slice(body)?) }
    }

    async fn head(&mut self) -> Result<(u16, usize, String), Failure> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
                let status = head.get(9..12).and_then(|s| s.parse().ok()).ok_or("not an HTTP answer")?;
                return Ok((status, end + 4, head));
            }
            self.more().await?;
        }
    }

    /// Opens an event stream; from now on [`Self::wait_for`] reads it.
    pub async fn open_stream(&mut self, request: &[u8]) -> Result<(), Failure> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let (status, start, _) = self.head().await?;
        if status != 200 {
            return Err(format!("the stream answered {status}").into());
        }
        self.buffer.drain(..start);
        Ok(())
    }

    /// Gives memory back that a long wait does not need.
    pub fn shrink(&mut self) {
        self.buffer = Vec::new();
    }

    /// Reads the stream until a text has gone by, and the number after it.
    pub async fn number_after(&mut self, text: &[u8]) -> Result<usize, Failure> {
        self.wait_for(text).await?;
        loop {
            if let Some(end) = self.buffer.iter().position(|b| !b.is_ascii_digit()) {
                let number = std::str::from_utf8(&self.buffer[..end])?.parse()?;
                return Ok(number);
            }
            self.more().await?;
        }
    }

    /// The next frame of the stream, to its empty line.
    pub async fn frame(&mut self) -> Result<String, Failure> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|w| w == b"\n\n") {
                let frame = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                self.buffer.drain(..end + 2);
                return Ok(frame);
            }
            self.more().await?;
        }
    }

    /// Reads the stream until a text has gone by.
    pub async fn wait_for(&mut self, text: &[u8]) -> Result<(), Failure> {
        loop {
            if let Some(at) = self.buffer.windows(text.len()).position(|w| w == text) {
                self.buffer.drain(..at + text.len());
                return Ok(());
            }
            let keep = self.buffer.len().saturating_sub(text.len());
            self.buffer.drain(..keep);
            self.more().await?;
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(':').map(str::trim))
}

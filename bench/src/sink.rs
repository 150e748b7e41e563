//! An SMTP server that takes everything and keeps nothing, as the customer's mail server; and an LMTP client, as ours.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::Failure;

/// The sink.
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    taken: Arc<AtomicUsize>,
}

impl Sink {
    /// Listens on a port of this machine; 0 for any.
    pub async fn start(port: u16) -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let taken = Arc::new(AtomicUsize::new(0));
        let count = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let count = count.clone();
                tokio::spawn(async move {
                    let _ = take(stream, &count).await;
                });
            }
        });
        Ok(Self { address, taken })
    }

    /// How many mails it has taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn take(stream: TcpStream, count: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    let mut line = Vec::new();
    let mut in_data = false;
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if in_data {
            if line == b".\r\n" {
                in_data = false;
                count.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"250 2.0.0 taken\r\n").await?;
            }
            continue;
        }
        let command: Vec<u8> = line.iter().take(4).map(u8::to_ascii_uppercase).collect();
        let answer: &[u8] = match command.as_slice() {
            b"EHLO" => b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 52428800\r\n",
            b"DATA" => {
                in_data = true;
                b"354 go on\r\n"
            }
            b"QUIT" => {
                stream.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => b"250 2.0.0 ok\r\n",
        };
        stream.write_all(answer).await?;
    }
}

/// A connection that delivers mail by LMTP.
pub struct Lmtp {
    stream: BufReader<TcpStream>,
    line: String,
}

impl Lmtp {
    /// Connects and says hello.
    pub async fn connect(to: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let mut this = Self { stream: BufReader::new(stream), line: String::new() };
        this.answer(b'2').await?;
        this.stream.write_all(b"LHLO bench.example\r\n").await?;
        this.answer(b'2').await?;
        Ok(this)
    }

    async fn answer(&mut self, class: u8) -> Result<(), Failure> {
        loop {
            self.line.clear();
            if self.stream.read_line(&mut self.line).await? == 0 {
                return Err("the LMTP server closed the connection".into());
            }
            let bytes = self.line.as_bytes();
            if bytes.get(3) == Some(&b'-') {
                continue;
            }
            return if bytes.first() == Some(&class) { Ok(()) } else { Err(format!("LMTP: {}", self.line.trim()).into()) };
        }
    }

    /// Delivers one mail; returns when it is durable. `mail` has CRLF line ends and no line that is a dot.
    pub async fn deliver(&mut self, from: &str, to: &str, mail: &str) -> Result<(), Failure> {
        self.stream.write_all(format!("MAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\nDATA\r\n").as_bytes()).await?;
        self.answer(b'2').await?;
        self.answer(b'2').await?;
        self.answer(b'3').await?;
        self.stream.write_all(format!("{mail}\r\n.\r\n").as_bytes()).await?;
        self.answer(b'2').await
    }
}

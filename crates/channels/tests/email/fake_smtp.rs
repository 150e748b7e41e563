//! An SMTP server that answers as the test scripts it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use channels::email::dial::Stream;

/// How it behaves. A reply of "DROP" closes the connection without a word.
#[derive(Clone, Default)]
pub struct Script {
    /// Lines of the EHLO answer after the name.
    pub offers: Vec<&'static str>,
    /// The first rule whose prefix the command starts with answers; "." is the end of the mail.
    pub replies: Vec<(&'static str, &'static str)>,
    /// For STARTTLS, or from the first byte when `tls_first`.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    pub tls_first: bool,
}

#[derive(Default)]
pub struct Seen {
    pub commands: Vec<String>,
    pub mails: Vec<String>,
    pub connections: usize,
}

pub struct FakeSmtp {
    pub addr: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
}

impl FakeSmtp {
    pub fn commands(&self) -> Vec<String> {
        self.seen.lock().unwrap().commands.clone()
    }

    pub fn mails(&self) -> Vec<String> {
        self.seen.lock().unwrap().mails.clone()
    }
}

pub async fn fake_smtp(script: Script) -> FakeSmtp {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            log.lock().unwrap().connections += 1;
            let (script, log) = (script.clone(), Arc::clone(&log));
            tokio::spawn(async move { drop(talk(Box::new(stream), script, log).await) });
        }
    });
    FakeSmtp { addr, seen }
}

async fn talk(stream: Box<dyn Stream>, script: Script, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut stream = stream;
    let mut encrypted = false;
    if script.tls_first {
        stream = Box::new(TlsAcceptor::from(script.tls.clone().unwrap()).accept(stream).await?);
        encrypted = true;
    }
    let mut stream = BufReader::new(stream);
    let greeting = rule(&script, "GREETING").unwrap_or("220 fake ESMTP");
    stream.write_all(format!("{greeting}\r\n").as_bytes()).await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        seen.lock().unwrap().commands.push(command.clone());
        let mut reply = rule(&script, &command).unwrap_or(match command.split(' ').next().unwrap_or_default() {
            "EHLO" => "",
            "DATA" => "354 go",
            "QUIT" => "221 bye",
            "AUTH" => "235 2.7.0 welcome",
            "STARTTLS" => "220 2.0.0 go",
            _ => "250 2.0.0 ok",
        });
        let hello;
        if command.starts_with("EHLO") && reply.is_empty() {
            let offers = script.offers.iter().filter(|o| !(encrypted && **o == "STARTTLS"));
            hello = offers.fold("250-fake".to_owned(), |all, offer| format!("{all}\r\n250-{offer}")) + "\r\n250 OK";
            reply = &hello;
        }
        if reply == "DROP" {
            return Ok(());
        }
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        if command == "DATA" && reply.starts_with("354") {
            let mut mail = String::new();
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).await? == 0 {
                    return Ok(());
                }
                if line == ".\r\n" {
                    break;
                }
                mail.push_str(&line);
            }
            seen.lock().unwrap().mails.push(mail);
            let reply = rule(&script, ".").unwrap_or("250 2.0.0 queued");
            if reply == "DROP" {
                return Ok(());
            }
            stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        if command == "STARTTLS" && reply.starts_with("220") {
            let tls = TlsAcceptor::from(script.tls.clone().unwrap()).accept(stream.into_inner()).await?;
            stream = BufReader::new(Box::new(tls));
            encrypted = true;
        }
        if command == "QUIT" {
            return Ok(());
        }
    }
}

fn rule(script: &Script, command: &str) -> Option<&'static str> {
    script.replies.iter().find(|(prefix, _)| command.starts_with(prefix)).map(|(_, reply)| *reply)
}

//! A real Postfix, started in a temporary folder for one test: the MTA in front of us, and the one that takes our mail.

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use rustls::pki_types::CertificateDer;
use tempfile::TempDir;

use crate::{dovecot::free_port, support::certificate};

/// Takes mail for `ada@customer.test` into a maildir and passes mail for `lmtp.test` and `smtp.test` on to us.
pub struct Postfix {
    folder: TempDir,
    pub port: u16,
    pub root: CertificateDer<'static>,
}

impl Postfix {
    pub fn start(lmtp: Option<SocketAddr>, smtp: Option<SocketAddr>, smtp_root: Option<&str>) -> Self {
        assert!(Path::new("/usr/sbin/postfix").exists(), "Postfix is missing: apt-get install postfix (bin/test does)");
        let folder = tempfile::Builder::new().prefix("postfix").tempdir_in("/tmp").unwrap();
        let at = folder.path().to_str().unwrap().to_owned();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for part in ["conf", "spool", "data", "mail"] {
            fs::create_dir(format!("{at}/{part}")).unwrap();
        }
        let postfix_uid = account("postfix");
        chown(format!("{at}/data"), Some(postfix_uid), None).expect("the Postfix tests run as root");
        chown(format!("{at}/mail"), Some(65534), Some(65534)).unwrap();
        let (chain, key, root) = certificate(&["localhost"]);
        fs::write(format!("{at}/conf/cert.pem"), chain).unwrap();
        fs::write(format!("{at}/conf/key.pem"), key).unwrap();
        fs::write(format!("{at}/conf/roots.pem"), smtp_root.unwrap_or_default()).unwrap();
        fs::write(format!("{at}/conf/mailboxes"), "ada@customer.test ada/\n").unwrap();
        let mut transport = String::new();
        if let Some(lmtp) = lmtp {
            transport += &format!("lmtp.test lmtp:inet:127.0.0.1:{}\n", lmtp.port());
        }
        if let Some(smtp) = smtp {
            transport += &format!("smtp.test smtp:[127.0.0.1]:{}\n", smtp.port());
        }
        fs::write(format!("{at}/conf/transport"), transport).unwrap();
        let port = free_port();
        fs::write(
            format!("{at}/conf/main.cf"),
            format!(
                "compatibility_level = 3.6\nqueue_directory = {at}/spool\ndata_directory = {at}/data\n\
                 maillog_file = {at}/postfix.log\nmaillog_file_prefixes = /tmp\nmyhostname = localhost\nmydomain = localhost.test\n\
                 mydestination =\nalias_maps =\nalias_database =\nlocal_recipient_maps =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
                 mynetworks = 127.0.0.0/8\ndisable_dns_lookups = yes\nsmtp_host_lookup = native\nsmtpd_peername_lookup = no\n\
                 virtual_mailbox_domains = customer.test\nvirtual_mailbox_base = {at}/mail\n\
                 virtual_mailbox_maps = texthash:{at}/conf/mailboxes\nvirtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n\
                 relay_domains = lmtp.test, smtp.test\ntransport_maps = texthash:{at}/conf/transport\n\
                 smtpd_relay_restrictions = permit_mynetworks, reject\nsmtpd_tls_security_level = may\n\
                 smtpd_tls_cert_file = {at}/conf/cert.pem\nsmtpd_tls_key_file = {at}/conf/key.pem\n\
                 smtp_tls_security_level = verify\nsmtp_tls_CAfile = {at}/conf/roots.pem\nsmtp_tls_verify_cert_match = mx.sonnim.test\n\
                 minimal_backoff_time = 1s\nmaximal_backoff_time = 1s\nqueue_run_delay = 1s\nqueue_minfree = 0\n\
                 default_database_type = texthash\n"
            ),
        )
        .unwrap();
        let services = [
            ("pickup", "pickup", "n", "1"),
            ("cleanup", "cleanup", "n", "0"),
            ("qmgr", "qmgr", "n", "1"),
            ("tlsmgr", "tlsmgr", "-", "1"),
            ("rewrite", "trivial-rewrite", "-", "-"),
            ("bounce", "bounce", "-", "0"),
            ("defer", "bounce", "-", "0"),
            ("trace", "bounce", "-", "0"),
            ("verify", "verify", "-", "1"),
            ("flush", "flush", "n", "0"),
            ("proxymap", "proxymap", "-", "-"),
            ("smtp", "smtp", "-", "-"),
            ("lmtp", "lmtp", "-", "-"),
            ("showq", "showq", "n", "-"),
            ("error", "error", "-", "-"),
            ("retry", "error", "-", "-"),
            ("anvil", "anvil", "-", "1"),
            ("scache", "scache", "-", "1"),
        ];
        let mut master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\nvirtual unix - n n - - virtual\n\
                                  postlog unix-dgram n - n - 1 postlogd\n"
        );
        for (name, program, private, processes) in services {
            let wakeup = match name {
                "pickup" => "60",
                "qmgr" => "300",
                _ => "-",
            };
            master += &format!("{name} unix {private} - n {wakeup} {processes} {program}\n");
        }
        fs::write(format!("{at}/conf/master.cf"), master).unwrap();
        let started = Command::new("/usr/sbin/postfix").args(["-c", &format!("{at}/conf"), "start"]).output().unwrap();
        let postfix = Self { folder, port, root };
        let said = String::from_utf8_lossy(&started.stderr).into_owned();
        assert!(started.status.success(), "Postfix does not start: {said} {}", postfix.log());
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "Postfix does not listen: {said} {}", postfix.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        postfix
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("postfix.log")).unwrap_or_default()
    }

    /// The mails in ada's mailbox.
    pub fn mailbox(&self) -> Vec<String> {
        let new = self.folder.path().join("mail/ada/new");
        let Ok(entries) = fs::read_dir(new) else { return Vec::new() };
        entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    pub async fn wait_for(&self, count: usize) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let mails = self.mailbox();
            if mails.len() >= count {
                return mails;
            }
            assert!(Instant::now() < deadline, "{} of {count} mails came: {}", mails.len(), self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let conf = self.folder.path().join("conf");
        let _ = Command::new("/usr/sbin/postfix").args([std::ffi::OsStr::new("-c"), conf.as_os_str(), "stop".as_ref()]).output();
    }
}

fn account(name: &str) -> u32 {
    let out = Command::new("id").args(["-u", name]).output().unwrap();
    String::from_utf8(out.stdout).unwrap().trim().parse().unwrap_or_else(|_| panic!("there is no user {name}"))
}

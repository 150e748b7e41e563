//! A real Dovecot, started in a temporary folder for one test.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use channels::email::dial::{Credentials, Endpoint, Security};
use rustls::pki_types::CertificateDer;
use tempfile::TempDir;

use crate::support::certificate;

pub const USER: &str = "ada@shop.test";
pub const PASSWORD: &str = "correct horse \"battery\" staple";

/// What a test may change.
#[derive(Default)]
pub struct Kitchen {
    /// Replaces the capabilities that the server shows after sign-in.
    pub capabilities: Option<&'static str>,
    /// The name in the certificate, `localhost` unless given.
    pub certificate_name: Option<&'static str>,
    /// Where access tokens are checked.
    pub token_info: Option<String>,
}

pub struct Dovecot {
    child: Child,
    folder: TempDir,
    pub imap: u16,
    pub imaps: u16,
    pub root: CertificateDer<'static>,
}

impl Dovecot {
    pub fn start(kitchen: &Kitchen) -> Self {
        let binary = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].into_iter().find(|p| Path::new(p).exists());
        let binary = binary.expect("Dovecot is missing: apt-get install dovecot-imapd (bin/test does)");
        let folder = tempfile::Builder::new().prefix("dovecot").tempdir_in("/tmp").unwrap();
        let at = folder.path().to_str().unwrap().to_owned();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (chain, key, root) = certificate(&[kitchen.certificate_name.unwrap_or("localhost")]);
        fs::write(format!("{at}/cert.pem"), chain).unwrap();
        fs::write(format!("{at}/key.pem"), key).unwrap();
        fs::write(format!("{at}/users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        let (imap, imaps) = (free_port(), free_port());

        let me = Command::new("id").arg("-u").output().unwrap().stdout;
        let root_user = me == b"0\n";
        let (uid, gid, users) = if root_user {
            (65534, 65534, String::new())
        } else {
            let number = |flag| String::from_utf8(Command::new("id").arg(flag).output().unwrap().stdout).unwrap();
            let name = number("-un").trim().to_owned();
            let users = format!(
                "default_internal_user = {name}\ndefault_internal_group = {}\ndefault_login_user = {name}\n\
                 service imap-login {{\n chroot =\n}}\nservice anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n",
                number("-gn").trim()
            );
            (number("-u").trim().parse().unwrap(), number("-g").trim().parse().unwrap(), users)
        };
        let mail = PathBuf::from(format!("{at}/mail/{USER}"));
        for part in ["", "new", "cur", "tmp"] {
            fs::create_dir_all(mail.join(part)).unwrap();
        }
        for path in [Path::new(&format!("{at}/mail")), &mail, &mail.join("new"), &mail.join("cur"), &mail.join("tmp")] {
            chown(path, Some(uid), Some(gid)).unwrap();
        }

        let mut conf = format!(
            "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/dovecot.log\nprotocols = imap\nlisten = 127.0.0.1\n\
             ssl = yes\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\ndisable_plaintext_auth = no\n\
             auth_mechanisms = plain login xoauth2 oauthbearer\nmail_location = maildir:{at}/mail/%u\n\
             first_valid_uid = 1\nmail_fsync = never\nauth_failure_delay = 0\nauth_username_format = %Lu\n\
             service imap-login {{\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
             namespace inbox {{\n inbox = yes\n}}\n{users}\
             userdb {{\n driver = static\n args = uid={uid} gid={gid} home={at}/mail/%u\n}}\n"
        );
        if let Some(url) = &kitchen.token_info {
            fs::write(format!("{at}/oauth2.conf"), format!("tokeninfo_url = {url}?access_token=\nusername_attribute = email\n")).unwrap();
            conf += &format!("passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {at}/oauth2.conf\n}}\n");
        }
        conf += &format!("passdb {{\n driver = passwd-file\n mechanisms = plain login\n args = scheme=PLAIN {at}/users\n}}\n");
        if let Some(capabilities) = kitchen.capabilities {
            conf += &format!("protocol imap {{\n imap_capability = {capabilities}\n}}\n");
        }
        fs::write(format!("{at}/dovecot.conf"), conf).unwrap();
        let child = Command::new(binary)
            .args(["-F", "-c", &format!("{at}/dovecot.conf")])
            .stdout(Stdio::null())
            .stderr(fs::File::create(format!("{at}/stderr.log")).unwrap())
            .spawn()
            .expect("Dovecot starts");
        let dovecot = Self { child, folder, imap, imaps, root };
        let deadline = Instant::now() + Duration::from_secs(15);
        while std::net::TcpStream::connect(("127.0.0.1", imap)).is_err() {
            assert!(Instant::now() < deadline, "Dovecot does not listen: {}", dovecot.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        dovecot
    }

    pub fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("stderr.log") + &read("dovecot.log")
    }

    pub fn endpoint(&self, security: Security) -> Endpoint {
        let port = if security == Security::Tls { self.imaps } else { self.imap };
        Endpoint { host: "localhost".into(), port, security }
    }

    fn maildir(&self, folder: &str) -> PathBuf {
        let mail = self.folder.path().join("mail").join(USER);
        if folder == "INBOX" { mail } else { mail.join(format!(".{folder}")) }
    }

    /// Puts a mail into the mailbox, as a delivery agent would.
    pub fn deliver(&self, name: &str, raw: &str) {
        let inbox = self.maildir("INBOX");
        let tmp = inbox.join("tmp").join(name);
        fs::write(&tmp, raw).unwrap();
        fs::set_permissions(&tmp, fs::Permissions::from_mode(0o666)).unwrap();
        fs::rename(tmp, inbox.join("new").join(name)).unwrap();
    }

    /// The files of a folder, flags in their names.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let list = |part: &str| {
            let Ok(entries) = fs::read_dir(self.maildir(folder).join(part)) else { return Vec::new() };
            entries.map(|e| format!("{part}/{}", e.unwrap().file_name().to_string_lossy())).collect::<Vec<_>>()
        };
        let mut files = list("new");
        files.extend(list("cur"));
        files.sort();
        files
    }

    /// Forgets all message numbers: the folder gets a new UIDVALIDITY. Nobody may be connected.
    pub fn renumber(&self) {
        // UIDVALIDITY is a time in seconds.
        std::thread::sleep(Duration::from_millis(1200));
        for entry in fs::read_dir(self.maildir("INBOX")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

pub fn password() -> Credentials {
    Credentials::Password { user: USER.into(), password: PASSWORD.into() }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

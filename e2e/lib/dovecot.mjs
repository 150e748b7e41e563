import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { certificate, scratch, text } from './scratch.mjs';
import { freePort, until } from './wait.mjs';

const NOBODY = 65534;

/** The shop's mail company: a real Dovecot with one mailbox, by IMAP (STARTTLS) and IMAPS. `ca` vouches for it. */
export class Dovecot {
  user = 'help@shop.test';
  password = 'correct horse "battery" staple';
  #count = 0;

  static async start() {
    const binary = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find(existsSync);
    if (!binary) throw new Error('Dovecot is missing: apt-get install dovecot-imapd (bin/test does)');
    const at = scratch('dovecot');
    const dovecot = new Dovecot();
    dovecot.folder = at;
    const { cert, key } = certificate(at);
    dovecot.ca = cert;
    dovecot.imap = await freePort();
    dovecot.imaps = await freePort();
    for (const part of ['', 'new', 'cur', 'tmp']) mkdirSync(join(at, 'mail', dovecot.user, part), { recursive: true });
    for (const part of ['.', dovecot.user, ...['new', 'cur', 'tmp'].map((p) => join(dovecot.user, p))]) chownSync(join(at, 'mail', part), NOBODY, NOBODY);
    writeFileSync(join(at, 'users'), `${dovecot.user}:{PLAIN}${dovecot.password}\n`);
    writeFileSync(
      join(at, 'dovecot.conf'),
      `base_dir = ${at}/run
state_dir = ${at}/state
log_path = ${at}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${cert}
ssl_key = <${key}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:${at}/mail/%u
first_valid_uid = 1
mail_fsync = never
auth_failure_delay = 0
auth_username_format = %Lu
service imap-login {
  inet_listener imap {
    port = ${dovecot.imap}
  }
  inet_listener imaps {
    port = ${dovecot.imaps}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${at}/mail/%u
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN ${at}/users
}
`,
    );
    const stderr = openSync(join(at, 'stderr.log'), 'w');
    dovecot.child = spawn(binary, ['-F', '-c', join(at, 'dovecot.conf')], { stdio: ['ignore', 'ignore', stderr] });
    process.once('exit', () => dovecot.stop());
    await until(
      () =>
        new Promise((resolve) => {
          const socket = connect(dovecot.imap, '127.0.0.1', () => (socket.destroy(), resolve(true)));
          socket.on('error', () => resolve(false));
        }),
      () => `Dovecot does not listen: ${dovecot.log()}`,
    );
    return dovecot;
  }

  log() {
    return text(join(this.folder, 'stderr.log')) + text(join(this.folder, 'dovecot.log'));
  }

  /** Puts a mail into the mailbox, as a delivery agent would. */
  deliver(raw) {
    const name = `${Date.now()}.${(this.#count += 1)}.e2e`;
    const box = join(this.folder, 'mail', this.user);
    writeFileSync(join(box, 'tmp', name), raw, { mode: 0o666 });
    chownSync(join(box, 'tmp', name), NOBODY, NOBODY);
    renameSync(join(box, 'tmp', name), join(box, 'new', name));
  }

  /** The files of the mailbox, flags in their names. */
  files() {
    const box = join(this.folder, 'mail', this.user);
    return ['new', 'cur'].flatMap((part) => readdirSync(join(box, part)));
  }

  stop() {
    this.child?.kill();
  }
}

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parse } from './mail.mjs';
import { scratch, text } from './scratch.mjs';
import { handIn } from './smtp.mjs';
import { freePort, until } from './wait.mjs';

const NOBODY = 65534;
const SERVICES = [
  ['pickup', 'pickup', 'n', '1', '60'],
  ['cleanup', 'cleanup', 'n', '0'],
  ['qmgr', 'qmgr', 'n', '1', '300'],
  ['tlsmgr', 'tlsmgr', '-', '1'],
  ['rewrite', 'trivial-rewrite'],
  ['bounce', 'bounce', '-', '0'],
  ['defer', 'bounce', '-', '0'],
  ['trace', 'bounce', '-', '0'],
  ['verify', 'verify', '-', '1'],
  ['flush', 'flush', 'n', '0'],
  ['proxymap', 'proxymap'],
  ['smtp', 'smtp'],
  ['lmtp', 'lmtp'],
  ['showq', 'showq', 'n'],
  ['error', 'error'],
  ['retry', 'error'],
  ['anvil', 'anvil', '-', '1'],
  ['scache', 'scache', '-', '1'],
];

/** Who has a mailbox; mail for anyone else is refused. */
const PEOPLE = ['ada@customer.test', 'bo@customer.test', 'dora@customer.test', 'haneul@customer.test', 'mina@team.test', 'jun@team.test', 'noah@team.test'];

const user = (name) => Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));

/**
 * The customers' mail server: a real Postfix in a folder of its own. It keeps the mail of customers (`@customer.test`) and
 * agents (`@team.test`) in maildirs, and passes mail for `@shop.test` on to Sonnim's LMTP (or SMTP) server.
 */
export class Postfix {
  static async start({ lmtp, smtp } = {}) {
    if (!existsSync('/usr/sbin/postfix')) throw new Error('Postfix is missing: apt-get install postfix (bin/test does)');
    if (process.getuid() !== 0) throw new Error('Postfix starts as root only: run these tests as root, as bin/test in a container does');
    const at = scratch('postfix');
    for (const part of ['conf', 'spool', 'data', 'mail']) mkdirSync(join(at, part));
    chownSync(join(at, 'data'), user('postfix'), -1);
    chownSync(join(at, 'mail'), NOBODY, NOBODY);
    const postfix = new Postfix();
    postfix.folder = at;
    postfix.port = await freePort();
    const way = lmtp ? `lmtp:inet:127.0.0.1:${lmtp}` : smtp ? `smtp:[127.0.0.1]:${smtp}` : 'retry:nobody is there';
    writeFileSync(join(at, 'conf/transport'), `shop.test ${way}\n`);
    writeFileSync(join(at, 'conf/mailboxes'), PEOPLE.map((name) => `${name} ${name.split('@')[0]}/\n`).join(''));
    writeFileSync(
      join(at, 'conf/main.cf'),
      `compatibility_level = 3.6
queue_directory = ${at}/spool
data_directory = ${at}/data
maillog_file = ${at}/postfix.log
maillog_file_prefixes = ${at}
myhostname = mx.customer.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
virtual_mailbox_domains = customer.test, team.test
virtual_mailbox_base = ${at}/mail
virtual_mailbox_maps = texthash:${at}/conf/mailboxes
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
relay_domains = shop.test
relay_recipient_maps =
transport_maps = texthash:${at}/conf/transport
smtpd_relay_restrictions = permit_mynetworks, reject
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
transport_retry_time = 1s
queue_minfree = 0
default_database_type = texthash
`,
    );
    let master = `127.0.0.1:${postfix.port} inet n - n - - smtpd\nvirtual unix - n n - - virtual\npostlog unix-dgram n - n - 1 postlogd\n`;
    for (const [name, program, priv = '-', processes = '-', wakeup = '-'] of SERVICES) master += `${name} unix ${priv} - n ${wakeup} ${processes} ${program}\n`;
    writeFileSync(join(at, 'conf/master.cf'), master);
    chmodSync(join(at, 'conf'), 0o755);
    try {
      execFileSync('/usr/sbin/postfix', ['-c', join(at, 'conf'), 'start'], { stdio: 'pipe' });
    } catch (error) {
      throw new Error(`Postfix does not start: ${error.stderr} ${postfix.log()}`);
    }
    process.once('exit', () => postfix.stop());
    await until(
      () =>
        new Promise((resolve) => {
          const socket = connect(postfix.port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
          socket.on('error', () => resolve(false));
        }),
      () => `Postfix does not listen: ${postfix.log()}`,
    );
    return postfix;
  }

  log() {
    return text(join(this.folder, 'postfix.log'));
  }

  /** A customer writes: the mail goes to Postfix by SMTP, and on from there. */
  send(mail) {
    return handIn(this.port, mail);
  }

  /** The mails in a mailbox, oldest first, taken apart; `raw` has the bytes. */
  mailbox(name) {
    const folder = join(this.folder, 'mail', name, 'new');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((file) => {
        const raw = readFileSync(join(folder, file));
        return { ...parse(raw), raw };
      });
  }

  /** Waits for the mail that `is` accepts (any, without it). */
  arrival(name, is = () => true, ms = 30_000) {
    return until(
      () => this.mailbox(name).find(is),
      () => `no such mail for ${name}; the log ends: ${this.log().split('\n').slice(-8).join('\n')}`,
      ms,
    );
  }

  stop() {
    if (this.stopped) return;
    this.stopped = true;
    try {
      execFileSync('/usr/sbin/postfix', ['-c', join(this.folder, 'conf'), 'stop'], { stdio: 'ignore' });
    } catch {}
  }
}

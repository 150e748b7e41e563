import { createConnection } from 'node:net';

/** A conversation in SMTP or LMTP, line by line. */
export class MailClient {
  #socket;
  #buffer = '';
  #waiting = [];
  #ended = null;

  /** Connects and reads the greeting. */
  static async connect(port) {
    const client = new MailClient();
    client.#socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    client.#socket.setEncoding('utf8');
    client.#socket.on('data', (text) => {
      client.#buffer += text;
      client.#drain();
    });
    const end = (error) => {
      client.#ended ??= error ?? new Error('the connection ended');
      client.#drain();
    };
    client.#socket.on('error', end);
    client.#socket.on('close', () => end());
    await client.reply();
    return client;
  }

  #drain() {
    while (this.#waiting.length > 0) {
      const found = /^(?:\d{3}-.*\r?\n)*\d{3}(?: .*)?\r?\n/.exec(this.#buffer);
      if (found) {
        this.#buffer = this.#buffer.slice(found[0].length);
        const lines = found[0].trimEnd().split(/\r?\n/);
        this.#waiting.shift().resolve({ code: Number(lines.at(-1).slice(0, 3)), text: lines.map((l) => l.slice(4)).join('\n') });
      } else if (this.#ended) this.#waiting.shift().reject(this.#ended);
      else return;
    }
  }

  /** The next answer: its code and text. Fails when the connection ends before. */
  reply() {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#drain();
    });
  }

  /** Says a line and gives the answer. */
  say(line) {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  write(data) {
    this.#socket.write(data);
  }

  end() {
    this.#socket.end();
    this.#socket.destroy();
  }
}

const dotted = (raw) => Buffer.from(Buffer.from(raw).toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..'), 'latin1');

/**
 * Hands one mail in. Gives the answer after the final dot, or throws on a refusal before it, or when the connection is lost.
 * `raw` is a string or the bytes.
 */
export async function handIn(port, { from, to, raw, lmtp = false }) {
  const client = await MailClient.connect(port);
  try {
    const must = async (line, code) => {
      const answer = await client.say(line);
      if (answer.code !== code) throw new Error(`${line}: ${answer.code} ${answer.text}`);
    };
    await must(`${lmtp ? 'LHLO' : 'EHLO'} customer.test`, 250);
    await must(`MAIL FROM:<${from}>`, 250);
    for (const one of [to].flat()) await must(`RCPT TO:<${one}>`, 250);
    await must('DATA', 354);
    const bytes = dotted(raw);
    client.write(bytes);
    client.write(bytes.subarray(-2).equals(Buffer.from('\r\n')) ? '.\r\n' : '\r\n.\r\n');
    const answer = await client.reply();
    if (answer.code !== 250) throw new Error(`after the mail: ${answer.code} ${answer.text}`);
    return answer;
  } finally {
    client.end();
  }
}

import { randomUUID } from 'node:crypto';

const word = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);

/** A plain mail as a customer's program writes it. Gives `{ raw, id }`. */
export function letter({ from, name, to, subject, text, id = `${randomUUID()}@customer.test`, inReplyTo, references = [], headers = [] }) {
  const lines = [
    `From: ${name ? `${word(name)} <${from}>` : from}`,
    `To: ${[to].flat().join(', ')}`,
    `Subject: ${word(subject)}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    ...(inReplyTo ? [`In-Reply-To: ${inReplyTo}`] : []),
    ...(references.length > 0 ? [`References: ${references.join('\r\n ')}`] : []),
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n'),
  ];
  return { raw: `${lines.join('\r\n')}\r\n`, id };
}

const unword = (text) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([BQbq])\?([^?]*)\?=/g, (_all, charset, kind, data) => {
      const bytes =
        kind.toUpperCase() === 'B'
          ? Buffer.from(data, 'base64')
          : Buffer.from(data.replace(/_/g, ' ').replace(/=([0-9a-f]{2})/gi, (_m, hex) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
      return new TextDecoder(charset).decode(bytes);
    });

/** Takes a mail apart as far as the journeys need it: headers (lower case, unfolded, decoded), text and html. */
export function parse(raw) {
  const latin = Buffer.isBuffer(raw) ? raw.toString('latin1') : raw;
  const [head, ...rest] = latin.split(/\r?\n\r?\n/);
  const body = latin.slice(head.length).replace(/^\r?\n\r?\n/, '');
  void rest;
  const headers = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).toLowerCase()] ??= unword(Buffer.from(line.slice(at + 1).trim(), 'latin1').toString('utf8'));
  }
  const mail = { headers, text: '', html: '', parts: [] };
  const type = headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (/^multipart\//i.test(type) && boundary) {
    for (const piece of body.split(`--${boundary}`).slice(1)) {
      if (piece.startsWith('--')) break;
      const part = parse(piece.replace(/^\r?\n/, '').replace(/\r?\n$/, ''));
      mail.parts.push(part);
      mail.text ||= part.text;
      mail.html ||= part.html;
    }
    return mail;
  }
  const encoding = (headers['content-transfer-encoding'] ?? '').toLowerCase();
  let bytes = Buffer.from(body, 'latin1');
  if (encoding === 'base64') bytes = Buffer.from(body, 'base64');
  else if (encoding === 'quoted-printable')
    bytes = Buffer.from(body.replace(/=\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_m, hex) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
  const charset = /charset="?([^";\s]+)"?/i.exec(type)?.[1] ?? 'utf-8';
  mail.content = bytes;
  const words = () => new TextDecoder(charset).decode(bytes);
  if (/^text\/html/i.test(type)) mail.html = words();
  else if (/^text\//i.test(type)) mail.text = words();
  return mail;
}

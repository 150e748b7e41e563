import type { ConnectionForm, Incoming, MailSecurity, Outgoing } from '@api';
import { isAddress } from '../form/problems';
import { type ProviderId, presetOf, providerOf, type ServerAddress, userNameOf } from './presets';

/** How mail comes in: by reading a mailbox (with a password or the company's own sign-in), or handed over by a mail server. */
export type Way = 'password' | 'google' | 'microsoft' | 'delivered';

export interface ServerForm {
  host: string;
  port: string;
  security: MailSecurity;
  user_name: string;
  password: string;
  /** A password is kept on the server already; an empty field leaves it. */
  has_secret: boolean;
}
export interface MailboxForm {
  address: string;
  provider: ProviderId;
  /** The provider was chosen by hand, so the address no longer decides it. */
  chosen: boolean;
  way: Way;
  incoming: ServerForm & { folder: string; after: 'leave' | 'mark_seen' | 'move'; move_to: string };
  outgoing: ServerForm & {
    /** Whether mail leaves at all. */
    send: boolean;
    /** Signs in with the user name and password of the incoming server. */
    same: boolean;
  };
}
export type MailboxField =
  | 'address'
  | 'incoming.host'
  | 'incoming.port'
  | 'incoming.user_name'
  | 'incoming.password'
  | 'incoming.folder'
  | 'incoming.move_to'
  | 'outgoing.host'
  | 'outgoing.port'
  | 'outgoing.user_name'
  | 'outgoing.password';

const server = (address: ServerAddress, user: string): ServerForm => ({
  host: address.host,
  port: String(address.port),
  security: address.security,
  user_name: user,
  password: '',
  has_secret: false,
});

/** An empty form for an address, filled with what its company is known for. */
export function startForm(address = ''): MailboxForm {
  const preset = presetOf(providerOf(address), address);
  return {
    address,
    provider: preset.id,
    chosen: false,
    way: preset.onlyOauth && preset.oauth ? preset.oauth : 'password',
    incoming: { ...server(preset.imap, userNameOf(preset.imapUser, address)), folder: 'INBOX', after: 'leave', move_to: '' },
    outgoing: { ...server(preset.smtp, userNameOf(preset.smtpUser, address)), send: true, same: preset.imapUser === preset.smtpUser },
  };
}

/** Refills servers and user names from the preset; passwords, folder and the choice of the way stay where they can. */
function refill(form: MailboxForm, address: string, provider: ProviderId): MailboxForm {
  const preset = presetOf(provider, address);
  const fits = form.way === 'delivered' || (form.way === 'password' ? !preset.onlyOauth : form.way === preset.oauth);
  const way: Way = fits ? form.way : preset.onlyOauth && preset.oauth ? preset.oauth : 'password';
  return {
    ...form,
    address,
    provider,
    way,
    incoming: { ...form.incoming, ...preset.imap, port: String(preset.imap.port), user_name: userNameOf(preset.imapUser, address) },
    outgoing: {
      ...form.outgoing,
      ...preset.smtp,
      port: String(preset.smtp.port),
      user_name: userNameOf(preset.smtpUser, address),
      same: form.way === 'delivered' ? form.outgoing.same : preset.imapUser === preset.smtpUser,
    },
  };
}

/** The address changed: the company, its servers and the user name follow, unless they were written by hand. */
export function withAddress(form: MailboxForm, address: string): MailboxForm {
  const before = presetOf(form.provider, form.address);
  const provider = form.chosen ? form.provider : providerOf(address);
  const touched = form.incoming.host !== before.imap.host || form.outgoing.host !== before.smtp.host;
  if (touched) {
    const follow = (user: string, kind: 'address' | 'local') => (user === userNameOf(kind, form.address) ? userNameOf(kind, address) : user);
    return {
      ...form,
      address,
      incoming: { ...form.incoming, user_name: follow(form.incoming.user_name, before.imapUser) },
      outgoing: { ...form.outgoing, user_name: follow(form.outgoing.user_name, before.smtpUser) },
    };
  }
  return refill(form, address, provider);
}

/** The company was chosen by hand. */
export const withProvider = (form: MailboxForm, provider: ProviderId): MailboxForm => ({ ...refill(form, form.address, provider), chosen: true });

/** The way was chosen; a company's own sign-in brings its servers along. */
export function withWay(form: MailboxForm, way: Way): MailboxForm {
  if (way === 'google') return { ...refill({ ...form, way }, form.address, 'gmail'), chosen: true };
  if (way === 'microsoft') return { ...refill({ ...form, way }, form.address, 'microsoft'), chosen: true };
  const left = form.way === 'google' || form.way === 'microsoft';
  const next = left && way === 'password' ? { ...refill({ ...form, way }, form.address, providerOf(form.address)), chosen: false, way } : { ...form, way };
  return way === 'delivered' ? { ...next, outgoing: { ...next.outgoing, same: false } } : next;
}

/** A stored connection, to be changed. Passwords never come back from the server. */
export function fromConnection(address: string, { incoming, outgoing }: ConnectionForm): MailboxForm {
  const form = startForm(address);
  form.chosen = true;
  if (incoming.kind === 'imap') {
    const { host, port, security, user_name, auth, folder, after_fetch } = incoming;
    form.way = auth;
    form.incoming = {
      ...form.incoming,
      host,
      port: String(port),
      security,
      user_name,
      folder,
      has_secret: Boolean(incoming.has_secret),
      after: after_fetch.kind,
      move_to: after_fetch.folder ?? '',
    };
  } else if (incoming.kind === 'delivered') form.way = 'delivered';
  if (outgoing.kind === 'smtp') {
    const { host, port, security, user_name } = outgoing;
    const same = incoming.kind === 'imap' && incoming.user_name === user_name;
    form.outgoing = {
      ...form.outgoing,
      host,
      port: String(port),
      security,
      user_name: user_name ?? '',
      has_secret: Boolean(outgoing.has_secret),
      send: true,
      same,
    };
  } else if (incoming.kind !== 'none') form.outgoing.send = false;
  return form;
}

const secret = (password: string): { password?: string } => (password ? { password } : {});

/** As the API takes it. */
export function toConnection(form: MailboxForm): ConnectionForm {
  const { incoming, outgoing, way } = form;
  const auth = way === 'delivered' ? 'password' : way;
  const into: Incoming =
    way === 'delivered'
      ? { kind: 'delivered' }
      : {
          kind: 'imap',
          host: incoming.host.trim(),
          port: Number(incoming.port),
          security: incoming.security,
          user_name: incoming.user_name.trim(),
          auth,
          folder: incoming.folder.trim() || 'INBOX',
          after_fetch: incoming.after === 'move' ? { kind: 'move', folder: incoming.move_to.trim() } : { kind: incoming.after },
          ...(auth === 'password' ? secret(incoming.password) : {}),
        };
  const same = outgoing.same && way !== 'delivered';
  const user = (same ? incoming.user_name : outgoing.user_name).trim();
  const out: Outgoing = outgoing.send
    ? {
        kind: 'smtp',
        host: outgoing.host.trim(),
        port: Number(outgoing.port),
        security: outgoing.security,
        user_name: user || null,
        auth,
        ...(auth === 'password' ? secret(same ? incoming.password : outgoing.password) : {}),
      }
    : { kind: 'none' };
  return { incoming: into, outgoing: out };
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65535;

/** What is still missing before a test makes sense. */
export function missing(form: MailboxForm): Partial<Record<MailboxField, 'missing' | 'email' | 'port'>> {
  const wrong: Partial<Record<MailboxField, 'missing' | 'email' | 'port'>> = {};
  if (!form.address.trim()) wrong.address = 'missing';
  else if (!isAddress(form.address)) wrong.address = 'email';
  const { incoming, outgoing, way } = form;
  if (way !== 'delivered') {
    if (!incoming.host.trim()) wrong['incoming.host'] = 'missing';
    if (!isPort(incoming.port)) wrong['incoming.port'] = 'port';
    if (!incoming.user_name.trim()) wrong['incoming.user_name'] = 'missing';
    if (way === 'password' && !incoming.password && !incoming.has_secret) wrong['incoming.password'] = 'missing';
    if (incoming.after === 'move' && !incoming.move_to.trim()) wrong['incoming.move_to'] = 'missing';
  }
  if (outgoing.send) {
    if (!outgoing.host.trim()) wrong['outgoing.host'] = 'missing';
    if (!isPort(outgoing.port)) wrong['outgoing.port'] = 'port';
    const ownPassword = way === 'delivered' ? outgoing.user_name.trim() !== '' : way === 'password' && !outgoing.same;
    if (ownPassword && !outgoing.password && !outgoing.has_secret) wrong['outgoing.password'] = 'missing';
  }
  return wrong;
}

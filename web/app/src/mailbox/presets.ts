import type { MailSecurity } from '@api';

export type ProviderId = 'gmail' | 'microsoft' | 'naver' | 'daum' | 'icloud' | 'yahoo' | 'fastmail' | 'other';

export interface ServerAddress {
  host: string;
  port: number;
  security: MailSecurity;
}
export interface Preset {
  id: ProviderId;
  /** Its own name, the same in every language; none for `other`. */
  name: string | null;
  domains: readonly RegExp[];
  imap: ServerAddress;
  smtp: ServerAddress;
  /** What its servers take as user name. */
  imapUser: 'address' | 'local';
  smtpUser: 'address' | 'local';
  /** Asks for an app password instead of the usual one. */
  appPassword: boolean;
  oauth: 'google' | 'microsoft' | null;
  /** Passwords are refused altogether. */
  onlyOauth: boolean;
  /** Where an app password is made, or explained. */
  help: string | null;
}

const imaps = (host: string): ServerAddress => ({ host, port: 993, security: 'tls' });
const smtps = (host: string): ServerAddress => ({ host, port: 465, security: 'tls' });
const submission = (host: string): ServerAddress => ({ host, port: 587, security: 'starttls' });
const usual = { imapUser: 'address', smtpUser: 'address', appPassword: true, oauth: null, onlyOauth: false } as const;

/** Mail companies whose servers we know by heart. */
export const PRESETS: readonly Preset[] = [
  {
    ...usual,
    id: 'gmail',
    name: 'Gmail · Google Workspace',
    domains: [/^(gmail|googlemail)\.com$/],
    imap: imaps('imap.gmail.com'),
    smtp: smtps('smtp.gmail.com'),
    oauth: 'google',
    help: 'https://myaccount.google.com/apppasswords',
  },
  {
    ...usual,
    id: 'microsoft',
    name: 'Microsoft 365 · Outlook',
    domains: [/^(outlook|hotmail|live|msn)\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$/, /\.onmicrosoft\.com$/],
    imap: imaps('outlook.office365.com'),
    smtp: submission('smtp.office365.com'),
    oauth: 'microsoft',
    onlyOauth: true,
    help: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online',
  },
  {
    ...usual,
    id: 'naver',
    name: 'Naver 메일',
    domains: [/^naver\.com$/],
    imap: imaps('imap.naver.com'),
    smtp: smtps('smtp.naver.com'),
    imapUser: 'local',
    smtpUser: 'local',
    help: 'https://help.naver.com/',
  },
  {
    ...usual,
    id: 'daum',
    name: 'Daum · Kakao 메일',
    domains: [/^(daum|hanmail)\.net$/, /^kakao\.com$/],
    imap: imaps('imap.daum.net'),
    smtp: smtps('smtp.daum.net'),
    imapUser: 'local',
    smtpUser: 'local',
    help: 'https://cs.daum.net/',
  },
  {
    ...usual,
    id: 'icloud',
    name: 'iCloud Mail',
    domains: [/^(icloud|me|mac)\.com$/],
    imap: imaps('imap.mail.me.com'),
    smtp: submission('smtp.mail.me.com'),
    imapUser: 'local',
    help: 'https://support.apple.com/102654',
  },
  {
    ...usual,
    id: 'yahoo',
    name: 'Yahoo Mail',
    domains: [/^(yahoo|ymail|rocketmail|myyahoo)\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$/],
    imap: imaps('imap.mail.yahoo.com'),
    smtp: smtps('smtp.mail.yahoo.com'),
    help: 'https://login.yahoo.com/account/security',
  },
  {
    ...usual,
    id: 'fastmail',
    name: 'Fastmail',
    domains: [/^fastmail\.(com|fm)$/],
    imap: imaps('imap.fastmail.com'),
    smtp: smtps('smtp.fastmail.com'),
    help: 'https://app.fastmail.com/settings/security/apps',
  },
];

export const domainOf = (address: string): string => address.trim().toLowerCase().split('@')[1] ?? '';
const localOf = (address: string): string => address.trim().split('@')[0] ?? '';

/** Servers under the address's own domain, as most houses name them. */
function guess(address: string): Preset {
  const domain = domainOf(address);
  return {
    ...usual,
    id: 'other',
    name: null,
    domains: [],
    appPassword: false,
    imap: imaps(domain ? `imap.${domain}` : ''),
    smtp: submission(domain ? `smtp.${domain}` : ''),
    help: null,
  };
}

/** The company that an address belongs to by its domain; `other` when we cannot know. */
export const providerOf = (address: string): ProviderId => {
  const domain = domainOf(address);
  return PRESETS.find((preset) => preset.domains.some((pattern) => pattern.test(domain)))?.id ?? 'other';
};

/** What is known about a company, for this address. */
export const presetOf = (id: ProviderId, address: string): Preset => PRESETS.find((preset) => preset.id === id) ?? guess(address);

export const userNameOf = (kind: 'address' | 'local', address: string): string => (kind === 'address' ? address.trim() : localOf(address));

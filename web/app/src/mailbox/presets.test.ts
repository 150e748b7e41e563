import { expect, test } from 'vitest';
import { presetOf, providerOf, userNameOf } from './presets';

test('the address names the mail company', () => {
  const known: Record<string, string> = {
    'a@gmail.com': 'gmail',
    'A@GoogleMail.com': 'gmail',
    'shop@outlook.com': 'microsoft',
    'shop@hotmail.co.uk': 'microsoft',
    'shop@contoso.onmicrosoft.com': 'microsoft',
    'haru@naver.com': 'naver',
    'haru@hanmail.net': 'daum',
    'haru@kakao.com': 'daum',
    'a@me.com': 'icloud',
    'a@yahoo.co.jp': 'yahoo',
    'a@fastmail.fm': 'fastmail',
    'help@harugoods.example': 'other',
    'help@notgmail.com': 'other',
    'half@': 'other',
    '': 'other',
  };
  for (const [address, provider] of Object.entries(known)) expect(providerOf(address), address).toBe(provider);
});
test('an unknown house gets servers under its own domain', () => {
  const preset = presetOf('other', 'help@harugoods.example');
  expect(preset.imap).toEqual({ host: 'imap.harugoods.example', port: 993, security: 'tls' });
  expect(preset.smtp).toEqual({ host: 'smtp.harugoods.example', port: 587, security: 'starttls' });
  expect(presetOf('other', '').imap.host).toBe('');
});
test('Naver signs in with the part before @', () => {
  expect(userNameOf(presetOf('naver', '').imapUser, 'haru@naver.com')).toBe('haru');
  expect(userNameOf(presetOf('gmail', '').imapUser, 'haru@gmail.com')).toBe('haru@gmail.com');
});
test('Microsoft 365 takes no passwords', () => {
  expect(presetOf('microsoft', '').onlyOauth).toBe(true);
  expect(presetOf('gmail', '').onlyOauth).toBe(false);
});

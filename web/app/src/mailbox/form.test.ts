import { expect, test } from 'vitest';
import { fromConnection, missing, startForm, toConnection, withAddress, withProvider, withWay } from './form';

test('typing the address fills servers and user name', () => {
  const form = withAddress(startForm(), 'haru@naver.com');
  expect(form).toMatchObject({ provider: 'naver', incoming: { host: 'imap.naver.com', user_name: 'haru' }, outgoing: { host: 'smtp.naver.com', port: '465' } });
});
test('servers written by hand survive a change of the address', () => {
  const form = withAddress(startForm(), 'help@shop.example');
  form.incoming.host = 'mail.shop.example';
  const next = withAddress(form, 'hello@shop.example');
  expect(next.incoming).toMatchObject({ host: 'mail.shop.example', user_name: 'hello@shop.example' });
});
test('a company chosen by hand is kept for an own domain', () => {
  const form = withProvider(startForm('help@shop.example'), 'gmail');
  expect(withAddress(form, 'hello@shop.example')).toMatchObject({ provider: 'gmail', incoming: { host: 'imap.gmail.com' } });
});
test('Microsoft mail begins with its own sign-in, and leaving it goes back to a password', () => {
  const form = withAddress(startForm(), 'shop@outlook.com');
  expect(form.way).toBe('microsoft');
  expect(toConnection(form).incoming).toMatchObject({ kind: 'imap', auth: 'microsoft', host: 'outlook.office365.com' });
  expect(withAddress(form, 'shop@shop.example')).toMatchObject({ way: 'password', incoming: { host: 'imap.shop.example' } });
  expect(withWay(withWay(startForm('help@shop.example'), 'google'), 'password')).toMatchObject({ way: 'password', incoming: { host: 'imap.shop.example' } });
});
test('the outgoing server signs in like the incoming one unless told otherwise', () => {
  const form = startForm('help@shop.example');
  form.incoming.password = 'secret';
  expect(toConnection(form).outgoing).toMatchObject({ user_name: 'help@shop.example', password: 'secret' });
  form.outgoing = { ...form.outgoing, same: false, user_name: '', password: '' };
  expect(toConnection(form).outgoing).toMatchObject({ user_name: null });
  expect(toConnection(form).outgoing).not.toHaveProperty('password');
});
test('a stored connection comes back as it was, without its password', () => {
  const form = startForm('help@shop.example');
  form.incoming = { ...form.incoming, password: 'secret', after: 'move', move_to: 'Done' };
  const sent = toConnection(form);
  const stored = {
    incoming: { ...sent.incoming, has_secret: true, password: undefined },
    outgoing: { ...sent.outgoing, has_secret: true, password: undefined },
  } as typeof sent;
  const again = fromConnection('help@shop.example', stored);
  expect(again).toMatchObject({ way: 'password', incoming: { after: 'move', move_to: 'Done', has_secret: true, password: '' }, outgoing: { same: true } });
  expect(missing(again)).toEqual({});
  expect(toConnection(again).incoming).not.toHaveProperty('password');
});
test('delivered mail needs no incoming server, but sending one still', () => {
  const form = withWay(startForm('help@shop.example'), 'delivered');
  expect(toConnection(form).incoming).toEqual({ kind: 'delivered' });
  form.outgoing.send = false;
  expect(missing(form)).toEqual({});
  expect(toConnection(form).outgoing).toEqual({ kind: 'none' });
});
test('what is missing is named field by field', () => {
  const form = startForm();
  expect(missing(form)).toMatchObject({ address: 'missing', 'incoming.host': 'missing', 'incoming.user_name': 'missing', 'incoming.password': 'missing' });
  expect(missing({ ...startForm('help@'), incoming: { ...form.incoming, port: '99999' } })).toMatchObject({ address: 'email', 'incoming.port': 'port' });
});

import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, message, openRow, reply, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let mina;
let jun;
let junsApi;

/** A customer writes; what it became. */
async function write(subject, text, { from = 'hana@customer.test', name = 'Hana Mori', ...more } = {}) {
  const mail = letter({ from, name, to: HELP, subject, text, ...more });
  await server.deliver({ from, to: HELP, raw: mail.raw });
  const found = await until(async () => (await server.api.get('/conversations?view=all&limit=100')).items.find((c) => c.subject === subject.replace(/^Re: /, '')), `the mail “${subject}” is there`);
  return { ...mail, conversation: found };
}
const more = (page) => page.getByRole('button', { name: /^(More actions|다른 작업|더 많은 작업|더 보기)/ }).first();
const open = (page, id) => page.goto(`/inbox/all_open/${id}`);

house.journey('a conversation goes to the trash, is found there, and comes back', async () => {
  server = await house.shop();
  const person = server.agent({ name: 'Jun Lee', email: 'jun@team.test' });
  junsApi = await server.signIn(person);
  mina = await house.desk(server, OWNER);
  jun = await house.desk(server, person);
  const { conversation } = await write('A parcel for nobody', 'I am not your customer.');
  await openRow(mina, 'A parcel for nobody');
  await mina.locator('#main').focus();
  await mina.keyboard.press('#');
  await mina.getByText('In the trash now').waitFor();
  await until(async () => (await row(mina, 'A parcel for nobody').count()) === 0, 'it left the list');
  await mina.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Trash' }).click();
  await row(mina, 'A parcel for nobody').click();
  await mina.getByText('Mina Kim put this in the trash').waitFor();
  assert.equal(await editor(mina).count(), 0, 'nobody answers from the trash');
  await accessible(mina, 'the trash');
  await picture(mina, 'trash');
  await mina.getByRole('button', { name: 'Restore' }).click();
  await mina.getByText('Taken out of the trash').waitFor();
  await open(mina, conversation.id);
  await editor(mina).waitFor();
  await mina.getByText('took it out of the trash').waitFor();
});

house.journey('spam blocks its sender, whose next mail goes to spam at once', async () => {
  await write('Cheap watches', 'Buy now', { from: 'eve@evil.test', name: 'Eve' });
  await mina.goto('/inbox/all_open');
  await openRow(mina, 'Cheap watches');
  await more(mina).click();
  await mina.getByRole('menuitem', { name: 'Mark as spam and block the sender' }).click();
  await mina.getByText(/eve@evil.test is blocked/).waitFor();
  const mail = letter({ from: 'eve@evil.test', name: 'Eve', to: HELP, subject: 'Cheaper watches', text: 'Buy today' });
  await server.deliver({ from: 'eve@evil.test', to: HELP, raw: mail.raw });
  await until(async () => (await server.api.get('/conversation-counts')).spam === 2, 'both are in spam');
  await mina.goto('/settings/blocked');
  await mina.getByText('eve@evil.test').waitFor();
  await accessible(mina, 'blocked senders');
  await mina.getByRole('button', { name: 'Let eve@evil.test in again' }).click();
  await mina.getByText('Nobody is blocked').waitFor();
});

house.journey('two conversations of one customer are merged, and are what they were when it is undone', async () => {
  const kettle = (await write('The kettle leaks', 'It drips.')).conversation;
  const jar = (await write('And the jar?', 'Where is it?')).conversation;
  await open(mina, jar.id);
  await message(mina, 'Where is it?').waitFor();
  await more(mina).click();
  await mina.getByRole('menuitem', { name: 'Merge into …' }).click();
  await mina.getByRole('dialog').getByRole('option', { name: /The kettle leaks/ }).click();
  await accessible(mina, 'the dialog that merges');
  await picture(mina, 'merge');
  await mina.getByRole('button', { name: 'Merge', exact: true }).click();
  await mina.waitForURL(new RegExp(kettle.id));
  await message(mina, 'Where is it?').waitFor();
  await message(mina, 'It drips.').waitFor();
  await mina.getByText(/merged #\d+ into this/).waitFor();
  // An old link leads to where it went.
  await jun.goto(`/conversations/${jar.id}`);
  await jun.waitForURL(new RegExp(kettle.id));
  await message(jun, 'Where is it?').waitFor();
  await mina.getByRole('button', { name: 'Undo the merge' }).click();
  await mina.getByText('Both conversations are as they were').waitFor();
  await until(async () => (await message(mina, 'Where is it?').count()) === 0, 'the message went back');
  assert.equal((await server.api.get(`/conversations/${jar.id}/messages`)).items.length, 1);
  assert.equal((await server.api.get(`/conversations/${kettle.id}/messages`)).items.length, 1);
});

house.journey('a message is split off into a conversation of its own', async () => {
  const first = await write('Two things', 'First, the cup.');
  await write('Re: Two things', 'Second, an invoice please.', { inReplyTo: `<${first.id}>`, references: [`<${first.id}>`] });
  await until(async () => (await server.api.get(`/conversations/${first.conversation.id}/messages`)).items.length === 2, 'both are there');
  await open(mina, first.conversation.id);
  const second = message(mina, 'Second, an invoice please.');
  await second.hover();
  await second.getByRole('button', { name: 'More about this message' }).click();
  await mina.getByRole('menuitem', { name: 'Split off …' }).click();
  await mina.getByRole('textbox', { name: 'Subject' }).fill('An invoice');
  await accessible(mina, 'the dialog that splits');
  await mina.getByRole('button', { name: 'Split off', exact: true }).click();
  await mina.getByText(/Split off as #\d+/).waitFor();
  await mina.getByRole('heading', { level: 1 }).getByText('An invoice').waitFor();
  await mina.getByText(/split this off from #\d+/).waitFor();
});

house.journey('who is mentioned in a note is told, and the bell leads there', async () => {
  const { conversation } = await write('A question of glaze', 'Is it food safe?');
  await jun.goto('/inbox/all_open');
  await open(mina, conversation.id);
  await mina.getByRole('radio', { name: /Internal note/ }).or(mina.getByRole('tab', { name: /Internal note/ })).first().click();
  await editor(mina).click();
  await mina.keyboard.type('@ju');
  await mina.getByRole('listbox', { name: 'Colleagues to mention' }).getByRole('option', { name: 'Jun Lee' }).waitFor();
  await accessible(mina, 'names to mention');
  await mina.keyboard.press('Enter');
  await mina.keyboard.type('do you know?');
  await picture(mina, 'mention');
  await mina.keyboard.press('Control+Enter');
  await message(mina, '@Jun Lee').waitFor();
  const bell = jun.getByRole('button', { name: 'Notifications: 1 unread' });
  await bell.waitFor();
  assert.match(await jun.title(), /^\(1\) /);
  await until(async () => (await jun.locator('link[rel=icon]').getAttribute('href'))?.startsWith('data:image/png'), 'the icon has its dot');
  await bell.click();
  const panel = jun.getByRole('dialog', { name: 'Notifications' });
  await panel.getByText('Mina Kim mentioned you').waitFor();
  await accessible(jun, 'notifications');
  await picture(jun, 'notifications');
  await panel.getByRole('link', { name: /mentioned you/ }).click();
  await message(jun, 'do you know?').waitFor();
  await jun.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  assert.doesNotMatch(await jun.title(), /^\(/);
  await jun.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Mentions' }).click();
  await row(jun, 'A question of glaze').waitFor();
  await jun.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Following' }).click();
  await row(jun, 'A question of glaze').waitFor();
});

house.journey('of two who answer at once, the second sees both texts and chooses', async () => {
  const { conversation } = await write('A cracked lid', 'It has a crack.');
  for (const page of [mina, jun]) {
    await open(page, conversation.id);
    await message(page, 'It has a crack.').waitFor();
  }
  await jun.getByRole('radio', { name: /^Reply$/ }).or(jun.getByRole('tab', { name: /^Reply$/ })).first().click();
  await editor(jun).click();
  await jun.keyboard.type('We send a new lid tomorrow.');
  await reply(mina, 'Please send us a picture.');
  // Jun is typing: she is asked first.
  await mina.getByRole('button', { name: 'Send anyway' }).click();
  await message(mina, 'Please send us a picture.').waitFor();
  await until(async () => (await server.api.get(`/conversations/${conversation.id}/messages`)).items.length === 2, 'the first reply is there');
  await editor(jun).click();
  await jun.keyboard.press('Control+Enter');
  const dialog = jun.getByRole('dialog', { name: 'A colleague has answered first' });
  await dialog.getByText('Please send us a picture.').waitFor();
  await dialog.getByText('We send a new lid tomorrow.').waitFor();
  await accessible(jun, 'two answers');
  await picture(jun, 'collision');
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.match(await editor(jun).innerText(), /new lid/);
  assert.equal((await server.api.get(`/conversations/${conversation.id}/messages`)).items.length, 2, 'nothing was sent');
  // Who has looked may send.
  await editor(jun).click();
  await jun.keyboard.press('Control+Enter');
  await until(async () => (await server.api.get(`/conversations/${conversation.id}/messages`)).items.length === 3, 'now it is sent');
});

house.journey('what one is told of is one’s own choice', async () => {
  await jun.goto('/settings/notifications');
  const box = jun.getByRole('checkbox', { name: 'A new conversation has no owner: In the app' });
  await box.waitFor({ state: 'attached' });
  assert.equal(await box.isChecked(), false);
  await jun.locator('label', { has: box }).click();
  await until(async () => (await junsApi.get('/notification-settings')).new_unassigned.in_app, 'the choice is kept');
  await jun.getByText('Quiet every day').click();
  await jun.getByLabel('From').waitFor();
  await accessible(jun, 'the notification settings');
  await picture(jun, 'wishes');
  await write('Something new', 'Hello', { from: 'new@customer.test', name: 'Newcomer' });
  await jun.getByRole('button', { name: 'Notifications: 1 unread' }).waitFor();
});

house.journey('all of it in Korean, in the dark, and on a phone', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko', preferences: { theme: 'dark', density: 'comfortable', undo_seconds: 0 } });
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true, locale: 'ko-KR', scheme: 'dark' });
  const { items } = await server.api.get('/conversations?view=all_open');
  await server.api.put(`/conversations/${items[0].id}/shelf`, { kind: 'trash', block: false });
  await phone.goto(`/inbox/trash/${items[0].id}`);
  await phone.getByText('휴지통에 넣었습니다(').waitFor();
  await accessible(phone, 'the trash in Korean on a phone');
  await picture(phone, 'phone-trash');
  await server.api.del(`/conversations/${items[0].id}/shelf`);
  await phone.goto('/inbox/all_open');
  await phone.getByRole('button', { name: /알림/ }).first().click();
  await phone.getByRole('dialog', { name: '알림' }).waitFor();
  await accessible(phone, 'notifications in Korean on a phone');
  await picture(phone, 'phone-notifications');
  await phone.goto('/settings/notifications');
  await phone.getByText('받을 알림').waitFor();
  await accessible(phone, 'the notification settings in Korean');
  await picture(phone, 'phone-wishes');
  await mina.goto(`/inbox/all_open/${items[1].id}`);
  await more(mina).click();
  await mina.getByRole('menuitem', { name: '다른 대화에 합치기 …' }).click();
  await mina.getByRole('dialog').waitFor();
  await accessible(mina, 'merging in Korean in the dark');
  await picture(mina, 'merge-ko-dark');
});

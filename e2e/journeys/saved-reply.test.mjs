import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
const ADA = 'ada@customer.test';
let server;
let page;
let id;

const conversation = () => server.api.get(`/conversations/${id}`);
const messages = async () => (await server.api.get(`/conversations/${id}/messages`)).items;

house.journey('a saved reply with variables is written in the settings, in two languages', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 20 } });
  page = await house.desk(server, OWNER);
  await page.goto('/settings/replies');
  await page.getByRole('heading', { name: 'No saved replies yet' }).or(page.getByText('No saved replies yet')).first().waitFor();
  await accessible(page, 'no saved replies');
  await page.getByRole('button', { name: 'New saved reply' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Shipping delay');
  const words = page.locator('[role=textbox][contenteditable=true]');
  await words.click();
  await page.keyboard.type('Hi ');
  await page.getByRole('button', { name: 'Add a variable' }).click();
  await page.getByRole('menuitem', { name: 'Customer: first name' }).click();
  await page.keyboard.type(', order ');
  await page.getByRole('button', { name: 'Add a variable' }).click();
  await page.getByRole('menuitem', { name: 'Something to fill in by hand' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' is late.');
  await page.locator('.lib-card').getByText(/Hi Jamie, order \[\[ order number \]\] is late\./).waitFor();
  await page.getByRole('button', { name: 'Add a language' }).click();
  await page.getByRole('menuitem', { name: 'Korean' }).click();
  await words.click();
  await page.keyboard.type('안녕하세요');
  await accessible(page, 'the editor of a saved reply');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: /Shipping delay/ }).waitFor();
  await accessible(page, 'the list of saved replies');
  const [kept] = (await server.api.get('/saved-replies')).items;
  assert.deepEqual(kept.previews.map((one) => one.language), ['en', 'ko']);
});

house.journey('a folder is made, renamed, and deleted without what is in it', async () => {
  await page.getByRole('link', { name: /Shipping delay/ }).click();
  const reply = (await server.api.get('/saved-replies')).items[0];
  const folder = await server.api.post('/folders', { name: 'Parcels' });
  await server.api.patch(`/saved-replies/${reply.id}`, { folder_id: folder.id });
  await page.goto('/settings/replies');
  const menu = (name) => page.getByRole('button', { name: `Folder ${name}` });
  await menu('Parcels').click();
  await page.getByRole('menuitem', { name: 'Rename the folder' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename the folder' });
  await accessible(page, 'the dialog that renames a folder');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Post');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Post' }).waitFor();
  await picture(page, 'folders');
  await menu('Post').click();
  await page.getByRole('menuitem', { name: 'Delete the folder' }).click();
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Delete the folder' }).click();
  await page.getByText('Post is deleted').waitFor();
  await page.getByRole('heading', { name: 'Post' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /Shipping delay/ }).waitFor();
  assert.deepEqual((await server.api.get('/folders')).items, []);
});

house.journey('/ brings it back with the name filled in, and what is to be filled in by hand holds the reply up', async () => {
  const { raw } = letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Where is my parcel?', text: 'It should be here.' });
  await house.postfix.send({ from: ADA, to: HELP, raw });
  await page.goto('/inbox/all_open');
  await openRow(page, 'Where is my parcel?');
  id = new URL(page.url()).pathname.split('/').pop();
  await editor(page).click();
  await page.keyboard.type('/');
  const picker = page.getByRole('dialog', { name: 'Saved replies and macros' });
  await picker.waitFor();
  await page.keyboard.type('ship');
  await picker.locator('.lib-see').getByText('Hi Ada, order').waitFor();
  await accessible(page, 'the picker of saved replies');
  await page.keyboard.press('Enter');
  await until(async () => (await editor(page).innerText()).includes('Hi Ada, order [[ order number ]] is late.'), 'the words are in the composer');
  await page.keyboard.press('Control+Enter');
  await page.getByText('“order number” is still to be filled in.').waitFor();
  await accessible(page, 'a reply that is held up');
  // The placeholder is selected: typing fills it.
  await page.keyboard.type('1234');
  await page.keyboard.press('Control+Enter');
  await message(page, 'order 1234 is late').waitFor();
  await until(async () => (await messages())[0].text.includes('Hi Ada, order 1234 is late.'), 'the reply is on the server');
  assert.equal((await server.api.get('/saved-replies')).items[0].used, 1);
});

house.journey('a macro is made, shown before it is done, done and taken back', async () => {
  const tag = await server.api.post('/tags', { name: 'late', color: 'red' });
  await page.goto('/settings/macros/new');
  await page.getByLabel('Name', { exact: true }).fill('Late parcel');
  for (const step of ['Assign to me', 'Add tags', 'Set the status']) {
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('menuitem', { name: step }).click();
  }
  await page.getByRole('button', { name: 'Pick a tag' }).click();
  await page.getByRole('menuitem', { name: 'late' }).click();
  await accessible(page, 'the editor of a macro');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: /Late parcel/ }).waitFor();
  await page.goto(`/inbox/all_open/${id}`);
  await editor(page).click();
  await page.keyboard.type('/');
  const picker = page.getByRole('dialog', { name: 'Saved replies and macros' });
  await picker.waitFor();
  await page.keyboard.type('late');
  await picker.getByRole('option', { name: /Late parcel/ }).click();
  await picker.locator('.lib-changes').getByText('Resolved').waitFor();
  await accessible(page, 'what a macro would do');
  assert.equal((await conversation()).status.kind, 'open', 'nothing is done yet');
  await picker.getByRole('button', { name: 'Apply' }).click();
  await until(async () => (await conversation()).status.kind === 'resolved', 'the macro is done');
  assert.deepEqual((await conversation()).tags.map((one) => one.id), [tag.id]);
  // Not the Undo of the reply that was just sent.
  await page.locator('.toast').filter({ hasText: 'Late parcel' }).getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await conversation()).status.kind === 'open', 'it is taken back');
  assert.deepEqual([(await conversation()).tags, (await conversation()).assignee], [[], null]);
});

house.journey('a scheduled reply waits in the thread, survives a restart, and can be sent at once', async () => {
  await editor(page).click();
  await page.keyboard.type('I will look into it.');
  await page.getByRole('button', { name: 'More ways to send' }).click();
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click();
  const waiting = message(page, 'I will look into it.');
  await waiting.getByText(/Will be sent Tomorrow/).waitFor();
  await accessible(page, 'a scheduled reply');
  await server.stop();
  await server.run();
  await page.reload();
  await waiting.getByText(/Will be sent Tomorrow/).waitFor();
  assert.equal((await messages()).find((m) => m.text.includes('look into it')).delivery.state, 'scheduled');
  assert.ok(!house.postfix.mailbox('ada').some((mail) => mail.text.includes('look into it')));
  await waiting.getByRole('button', { name: 'Send now' }).click();
  await house.postfix.arrival('ada', (mail) => mail.text.includes('I will look into it.'));
  await waiting.getByText(/^Sent /).waitFor();
});

house.journey('the same pages speak Korean', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko' });
  const korean = await house.desk(server, OWNER, { locale: 'ko-KR' });
  for (const [path, title] of [
    ['/settings/replies', '저장한 답장'],
    ['/settings/macros', '매크로'],
    ['/settings/replies/new', '새 저장 답장'],
    ['/settings/macros/new', '새 매크로'],
  ]) {
    await korean.goto(path);
    await korean.getByRole('heading', { name: title, level: 1 }).waitFor();
    await accessible(korean, `${path} in Korean`);
  }
  await korean.goto(`/inbox/all/${id}`);
  await editor(korean).click();
  await korean.keyboard.type('/');
  await korean.getByRole('dialog', { name: '저장한 답장과 매크로' }).waitFor();
  await accessible(korean, 'the picker in Korean');
});

// What agents do on the screen, in their words.

/** The row of a conversation in the list. */
export const row = (page, subject) => page.getByRole('option').filter({ hasText: subject });

/** A message of the open thread, by a part of its text. */
export const message = (page, text) => page.locator('article.msg').filter({ hasText: text });

/** The text field of the composer. */
export const editor = (page) => page.locator('.comp [role=textbox][contenteditable=true]');

/** Opens a conversation from the list. */
export async function openRow(page, subject) {
  await row(page, subject).first().click();
  await page.getByRole('main').getByText(subject).first().waitFor();
  await editor(page).waitFor();
}

/** Writes with the keyboard and sends by Ctrl+Enter. */
export async function reply(page, text) {
  await page.getByRole('radio', { name: /^(Reply|답장)$/ }).or(page.getByRole('tab', { name: /^(Reply|답장)$/ })).first().click();
  await editor(page).click();
  await page.keyboard.type(text);
  await page.keyboard.press('Control+Enter');
}

/** The same for an internal note. */
export async function note(page, text) {
  await page.getByRole('radio', { name: /Internal note/ }).or(page.getByRole('tab', { name: /Internal note/ })).first().click();
  await editor(page).click();
  await page.keyboard.type(text);
  await page.keyboard.press('Control+Enter');
}

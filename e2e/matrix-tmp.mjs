import { mkdirSync } from 'node:fs';
import { browser, open, signIn } from './lib/browser.mjs';
const OUT='/tmp/matrix'; mkdirSync(OUT,{recursive:true});
const url=process.env.URL, people={en:{email:'sofia@haru-goods.example',password:'haru-demo-2026'},ko:{email:'haru@haru-goods.example',password:'haru-demo-2026'}};
const chrome=await browser();
const PAGES=(process.env.PAGES||'thread,/inbox/mine,/inbox/trash,/inbox/spam,/inbox/search,/customers,bell,/settings/profile,/settings/people,/settings/teams,/settings/tags,/settings/inboxes,/settings/replies,/settings/replies/new,/settings/macros,/settings/macros/new,/settings/notifications,/settings/tokens,/settings/blocked,/settings/quarantine,/settings/audit').split(',');
const COMBOS={'desk-dark-ko':{lang:'ko',width:1440,height:900,scheme:'dark'},'phone-light-en':{lang:'en',width:390,height:844,touch:true,scheme:'light'},'phone-dark-ko':{lang:'ko',width:390,height:844,touch:true,scheme:'dark'},'desk-light-en':{lang:'en',width:1440,height:900,scheme:'light'},'phone-dark-en':{lang:'en',width:390,height:844,touch:true,scheme:'dark'},'desk-light-ko':{lang:'ko',width:1440,height:900,scheme:'light'}};
for (const c of (process.env.COMBOS||Object.keys(COMBOS).join(',')).split(',')) {
  const {lang,...o}=COMBOS[c];
  const page=await open(chrome,url,{locale:lang==='ko'?'ko-KR':'en-US',...o});
  await signIn(page,people[lang]);
  for (const p of PAGES) {
    try {
      if (p==='thread') { await page.goto('/inbox/all_open'); const r=page.getByRole('option').nth(2); await r.waitFor({timeout:5000}); await r.click(); await page.locator('article.msg').first().waitFor({timeout:5000}); }
      else if (p==='bell') { await page.goto('/inbox/all_open'); await page.getByRole('button',{name:/Notifications|알림/}).first().click({timeout:3000}); }
      else await page.goto(p);
      await page.waitForTimeout(700);
    } catch(e) { console.log(c,p,String(e).slice(0,120)); }
    const over=await page.evaluate(()=>document.documentElement.scrollWidth-innerWidth);
    if (over>0) console.log('OVERFLOW',c,p,over);
    await page.screenshot({path:`${OUT}/${c}_${p.replaceAll('/','-')}.png`});
  }
  await page.context().close();
}
await chrome.close();

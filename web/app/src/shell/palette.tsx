import { ChannelGlyph, Icon, Keys } from '@ui';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Autocomplete, Dialog, Header, Input, ListBox, ListBoxItem, ListBoxSection, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useConversation, useSearch } from '../conversation/queries';
import { cutRanges } from '../conversation/snippet';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { useMe } from '../session/queries';
import { PAGES } from '../settings/pages';
import type { Command } from './commands';
import { PaletteFoot } from './palette-foot';
import { takeTyped } from './palette-keys';
import { findRange, rankCommands } from './palette-rank';
import { pathOf, usePlace } from './place';
import { useShell } from './state';

function Marked({ text, wanted }: { text: string; wanted: string }): ReactNode {
  const range = findRange(text, wanted);
  if (!range) return text;
  return (
    <>
      {text.slice(0, range[0])}
      <mark>{text.slice(range[0], range[1])}</mark>
      {text.slice(range[1])}
    </>
  );
}

function Ranges({ text, ranges }: { text: string; ranges: readonly [number, number][] }): ReactNode {
  return cutRanges(text, ranges).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one constant text
    part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  );
}

/** The pages of the settings that one may open; none until their words are there. */
function useSettingsCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { permissions } = useMe();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let here = true;
    void needArea('settings').then(() => here && setReady(true));
    return () => {
      here = false;
    };
  }, []);
  return useMemo(
    () =>
      ready
        ? PAGES.filter((page) => !page.needs || permissions.includes(page.needs)).map((page) => ({
            id: `settings:${page.id}`,
            group: 'go' as const,
            icon: page.icon,
            label: t(`settings.page.${page.id}.title`),
            words: t(`settings.page.${page.id}.words`),
            run: () => void navigate(`/settings/${page.id}`),
          }))
        : [],
    [ready, permissions, t, navigate],
  );
}

/** Every action, customer, view, setting and conversation by a few letters. */
export default function Palette({ commands }: { commands: readonly Command[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const format = useFormat();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const search = useSearch(wanted.length >= 2 || /[가-힣]/.test(wanted) ? wanted : '', { limit: 6, customers: 4, companies: 3 }).data;
  const hits = (wanted && search?.items) || [];
  const people = (wanted && search?.customers) || [];
  const companies = (wanted && search?.companies) || [];
  const current = useConversation(place.id ?? undefined).data;
  const settings = useSettingsCommands();
  const close = () => useShell.getState().set({ palette: false });
  const groups = useMemo(() => {
    const ranked = rankCommands(
      commands.filter((command) => !command.hidden),
      wanted,
    );
    const usual = (['conversation', 'go', 'app'] as const).map((group) => ({
      group: group as string,
      items: ranked.filter((command) => command.group === group).slice(0, wanted ? 6 : 12),
    }));
    // Settings only when they are looked for: by their names and by words for what is in them.
    const pages = wanted ? rankCommands(settings, wanted).slice(0, 6) : [];
    return [...usual, { group: 'settings', items: pages }].filter((one) => one.items.length > 0);
  }, [commands, settings, wanted]);

  const run = (key: string) => {
    close();
    if (key.startsWith('hit:')) return void navigate(pathOf({ view: place.view === 'search' ? 'all_open' : place.view, id: key.slice(4) }));
    if (key.startsWith('customer:')) return void navigate(`/customers/${key.slice(9)}`);
    if (key.startsWith('company:')) return void navigate(`/companies/${key.slice(8)}`);
    if (key === 'find:') return void navigate(pathOf({ view: 'search', q: wanted }));
    // After the dialog is gone, so that what the command opens may take the focus.
    setTimeout(() => [...commands, ...settings].find((command) => command.id === key)?.run(), 0);
  };

  return (
    <ModalOverlay className="scrim" data-place="top" isOpen onOpenChange={(open) => !open && close()} isDismissable>
      <Modal className="pal">
        <Dialog aria-label={t('app.command.palette')}>
          <Autocomplete inputValue={text} onInputChange={setText}>
            <TextField className="pal-q" aria-label={t('app.palette.label')} autoFocus onFocus={() => setText((before) => before + takeTyped())}>
              <Icon name="search" size={20} />
              <Input placeholder={t('app.palette.placeholder')} />
              {current ? (
                <span className="chip" data-tone="line">
                  #{current.number}
                </span>
              ) : null}
            </TextField>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
            <div className="pal-list" tabIndex={0}>
              <ListBox
                className="menu"
                aria-label={t('app.palette.label')}
                onAction={(key) => run(String(key))}
                renderEmptyState={() => <div className="opt faint">{t('app.palette.empty')}</div>}
              >
                {groups.map(({ group, items }) => (
                  <ListBoxSection key={group} id={group}>
                    <Header className="menu-head">{t(`app.palette.${group}`)}</Header>
                    {items.map((command) => (
                      <ListBoxItem key={command.id} id={command.id} textValue={command.label} className="opt">
                        <Icon name={command.icon} size={18} />
                        <span className="t1">
                          <Marked text={command.label} wanted={wanted} />
                        </span>
                        <span className="end">{command.keys ? <Keys keys={command.keys} /> : null}</span>
                      </ListBoxItem>
                    ))}
                  </ListBoxSection>
                ))}
                {people.length > 0 ? (
                  <ListBoxSection id="people">
                    <Header className="menu-head">{t('app.nav.customers')}</Header>
                    {people.map(({ customer, name_ranges, email_ranges }) => {
                      const email = customer.emails[0]?.address ?? '';
                      return (
                        <ListBoxItem key={customer.id} id={`customer:${customer.id}`} textValue={customer.name || email} className="opt">
                          <Icon name="person" size={18} />
                          <span className="t1">{customer.name ? <Ranges text={customer.name} ranges={name_ranges} /> : t('app.no_name')}</span>
                          <span className="end">
                            <Ranges text={email} ranges={email_ranges} />
                          </span>
                        </ListBoxItem>
                      );
                    })}
                  </ListBoxSection>
                ) : null}
                {companies.length > 0 ? (
                  <ListBoxSection id="companies">
                    <Header className="menu-head">{t('app.nav.companies')}</Header>
                    {companies.map(({ company, name_ranges }) => (
                      <ListBoxItem key={company.id} id={`company:${company.id}`} textValue={company.name} className="opt">
                        <Icon name="building" size={18} />
                        <span className="t1">
                          <Ranges text={company.name} ranges={name_ranges} />
                        </span>
                        <span className="end">{company.domains[0]}</span>
                      </ListBoxItem>
                    ))}
                  </ListBoxSection>
                ) : null}
                {wanted ? (
                  <ListBoxSection id="hits">
                    <Header className="menu-head">{t('app.palette.conversations')}</Header>
                    {hits.map((hit) => (
                      <ListBoxItem key={hit.conversation.id} id={`hit:${hit.conversation.id}`} textValue={hit.conversation.subject} className="opt">
                        <ChannelGlyph channel={hit.conversation.channel} size="m" />
                        <span className="t1">
                          {hit.conversation.subject ? <Ranges text={hit.conversation.subject} ranges={hit.subject_ranges} /> : t('app.no_subject')}
                        </span>
                        <span className="end">
                          {hit.conversation.customer.name} · {format.list(hit.conversation.last_message_at)}
                        </span>
                      </ListBoxItem>
                    ))}
                    <ListBoxItem id="find:" textValue={t('app.palette.find', { q: wanted })} className="opt">
                      <Icon name="search" size={18} />
                      <span className="t1">{t('app.palette.find', { q: wanted })}</span>
                      <span className="end" />
                    </ListBoxItem>
                  </ListBoxSection>
                ) : null}
              </ListBox>
            </div>
          </Autocomplete>
          <PaletteFoot enter={t('app.palette.run')} more={t('app.palette.help')} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

import type { TokenScope } from '@api';
import { Banner, Button, Checkbox, Chip, CopyButton, Dialog, Empty, ErrorLine, Icon, Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { fieldText, generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { Loaded, SettingsPage } from '../page';
import { useCreateToken, useRevokeToken, useTokens } from './queries';

const SCOPES: TokenScope[] = ['read', 'write', 'admin', 'mail'];
const DAYS = ['30', '90', '365', 'never'] as const;

/** Keys for other programs. A secret is shown once. */
export default function Tokens() {
  const { t } = useTranslation();
  const format = useFormat();
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<{ id: string; name: string } | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setMaking(true)}>
      {t('settings.tokens.make')}
    </Button>
  );
  return (
    <SettingsPage
      title={t('settings.page.tokens.title')}
      lead={
        <>
          {t('settings.page.tokens.lead')}{' '}
          <a href="/api" target="_blank" rel="noopener">
            {t('settings.api')}
          </a>
        </>
      }
      action={tokens.data?.length ? add : null}
    >
      <Loaded
        query={tokens}
        empty={
          <Empty icon="key" title={t('settings.tokens.none')} action={add}>
            {t('settings.tokens.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul className="card entries">
            {items.map((token) => (
              <li key={token.id}>
                <Icon name="key" size={20} className="faint" />
                <span className="what">
                  <span className="strong">{token.name}</span>
                  <span className="small dim">
                    {token.last_used_at ? t('settings.tokens.used', { when: format.ago(token.last_used_at) }) : t('settings.tokens.unused')} ·{' '}
                    {token.expires_at
                      ? t(Date.parse(token.expires_at) < format.now.getTime() ? 'settings.tokens.expired' : 'settings.tokens.expires', {
                          when: format.day(token.expires_at),
                        })
                      : t('settings.tokens.expires_never')}
                  </span>
                </span>
                <span className="acts-in">
                  {token.scopes.map((scope) => (
                    <Chip key={scope}>{t(`settings.tokens.scope.${scope}`)}</Chip>
                  ))}
                  <Button kind="quiet" onPress={() => setLeaving(token)} aria-label={t('settings.tokens.revoke_named', { name: token.name })}>
                    {t('settings.tokens.revoke')}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {making ? <Make onClose={() => setMaking(false)} /> : null}
      <Dialog
        title={t('settings.tokens.revoke_title', { name: leaving?.name })}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        actions={
          <>
            <Button kind="quiet" onPress={() => setLeaving(null)}>
              {t('app.cancel')}
            </Button>
            <Button
              kind="danger"
              isPending={revoke.isPending}
              onPress={() =>
                leaving &&
                revoke.mutate(leaving.id, {
                  onSuccess: () => {
                    setLeaving(null);
                    toast(t('settings.tokens.revoked'));
                  },
                })
              }
            >
              {t('settings.tokens.revoke')}
            </Button>
          </>
        }
      >
        <p className="dim">{t('settings.tokens.revoke_text')}</p>
        {revoke.isError ? <Banner tone="bad">{generalText(t, revoke.error)}</Banner> : null}
      </Dialog>
    </SettingsPage>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateToken();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<TokenScope[]>(['read']);
  const [days, setDays] = useState<(typeof DAYS)[number]>('90');
  const [tried, setTried] = useState(false);
  const made = create.data;
  const general = generalText(t, create.error, ['name', 'scopes', 'expires_at']);
  const submit = () => {
    setTried(true);
    if (!name.trim() || scopes.length === 0) return;
    create.mutate({ name: name.trim(), scopes, ...(days === 'never' ? {} : { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }) });
  };
  if (made)
    return (
      <Dialog
        title={t('settings.tokens.made', { name: made.name })}
        isOpen
        onClose={onClose}
        actions={
          <Button kind="quiet" onPress={onClose}>
            {t('settings.tokens.copied_it')}
          </Button>
        }
      >
        <p className="dim">{t('settings.tokens.once')}</p>
        <div className="secret">
          <code>{made.secret}</code>
          <div>
            <CopyButton kind="primary" text={made.secret} label={t('settings.tokens.copy')} doneLabel={t('form.copied')} />
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      title={t('settings.tokens.make')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={create.isPending} onPress={submit}>
            {t('settings.tokens.make')}
          </Button>
        </>
      }
    >
      <Form
        className="sec-in"
        onSubmit={() => {
          submit();
        }}
      >
        {general ? <Banner tone="bad">{general}</Banner> : null}
        <TextInput
          label={t('form.name')}
          value={name}
          onChange={setName}
          hint={t('settings.tokens.name_hint')}
          autoFocus
          error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, create.error, 'name')}
        />
        <fieldset className="plain-set">
          <legend className="label">{t('settings.tokens.may')}</legend>
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              isSelected={scopes.includes(scope)}
              onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
              hint={t(`settings.tokens.scope_hint.${scope}`)}
            >
              {t(`settings.tokens.scope.${scope}`)}
            </Checkbox>
          ))}
          {tried && scopes.length === 0 ? <ErrorLine>{t('settings.tokens.no_scope')}</ErrorLine> : null}
        </fieldset>
        <Select label={t('settings.tokens.until')} value={days} onChange={setDays} items={DAYS.map((id) => ({ id, label: t(`settings.tokens.days.${id}`) }))} />
      </Form>
    </Dialog>
  );
}

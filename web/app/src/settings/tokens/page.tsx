import type { TokenScope } from '@api';
import { Button, Checkbox, Chip, CopyButton, Dialog, ErrorLine, Icon, Select, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { fieldText, generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { Entries, Entry, ListPage } from '../list-page';
import { RemoveDialog } from '../remove-dialog';
import { useCreateToken, useRevokeToken, useTokens } from './queries';

const SCOPES: TokenScope[] = ['read', 'write', 'admin', 'mail'];
const DAYS = ['30', '90', '365', 'never'] as const;

/** Keys for other programs. A secret is shown once. */
export default function Tokens() {
  const { t } = useTranslation();
  const format = useFormat();
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [leaving, setLeaving] = useState<{ id: string; name: string } | null>(null);
  return (
    <ListPage
      title={t('settings.page.tokens.title')}
      lead={
        <>
          {t('settings.page.tokens.lead')}{' '}
          <a href="/api" target="_blank" rel="noopener">
            {t('settings.api')}
          </a>
        </>
      }
      query={tokens}
      empty={{ icon: 'key', title: t('settings.tokens.none'), hint: t('settings.tokens.none_hint') }}
      add={{ label: t('settings.tokens.make'), dialog: (onClose) => <Make onClose={onClose} /> }}
      dialogs={
        <RemoveDialog
          item={leaving}
          removal={revoke}
          words={{
            title: ({ name }) => t('settings.tokens.revoke_title', { name }),
            text: t('settings.tokens.revoke_text'),
            done: () => t('settings.tokens.revoked'),
            action: t('settings.tokens.revoke'),
          }}
          onClose={() => setLeaving(null)}
        />
      }
    >
      {(items) => (
        <Entries>
          {items.map((token) => (
            <Entry
              key={token.id}
              sign={<Icon name="key" size={20} className="faint" />}
              name={token.name}
              detail={
                <>
                  {token.last_used_at ? t('settings.tokens.used', { when: format.ago(token.last_used_at) }) : t('settings.tokens.unused')} ·{' '}
                  {token.expires_at
                    ? t(Date.parse(token.expires_at) < format.now.getTime() ? 'settings.tokens.expired' : 'settings.tokens.expires', {
                        when: format.day(token.expires_at),
                      })
                    : t('settings.tokens.expires_never')}
                </>
              }
              isTall
              acts={
                <>
                  {token.scopes.map((scope) => (
                    <Chip key={scope}>{t(`settings.tokens.scope.${scope}`)}</Chip>
                  ))}
                  <Button kind="quiet" onPress={() => setLeaving(token)} aria-label={t('settings.tokens.revoke_named', { name: token.name })}>
                    {t('settings.tokens.revoke')}
                  </Button>
                </>
              }
            />
          ))}
        </Entries>
      )}
    </ListPage>
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
    <FormDialog
      title={t('settings.tokens.make')}
      submit={t('settings.tokens.make')}
      isPending={create.isPending}
      problem={general}
      onSubmit={submit}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}

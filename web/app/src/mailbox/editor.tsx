import type { ConnectionTest, MailSecurity } from '@api';
import { Checkbox, ChoiceCards, CopyButton, Select, TextInput } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordInput } from '../form/password';
import { fieldOf } from './fault';
import { type MailboxField, type MailboxForm, missing, type Way, withAddress, withProvider, withWay } from './form';
import { PRESETS, type ProviderId, presetOf } from './presets';

export interface MailboxEditorProps {
  form: MailboxForm;
  onChange: (form: MailboxForm) => void;
  /** The last test, to mark the field it failed at. */
  test: ConnectionTest | undefined;
  /** Whether what is missing is told by now. */
  showMissing: boolean;
  /** What the server said about the address. */
  addressError?: string;
  /** The address is changed elsewhere. */
  fixedAddress?: boolean;
  /** Between the address and the way. */
  children?: ReactNode;
  autoFocus?: boolean;
}

/** How an inbox receives and sends mail. Draws only; testing and keeping is the page's matter. */
export function MailboxEditor({ form, onChange, test, showMissing, addressError, fixedAddress, children, autoFocus }: MailboxEditorProps) {
  const { t } = useTranslation();
  const preset = presetOf(form.provider, form.address);
  const lacking = showMissing ? missing(form) : {};
  const failed = test?.steps.find((step) => step.ok === false);
  const failedField = failed ? fieldOf(failed) : null;
  const error = (field: MailboxField): string | undefined => {
    const lack = lacking[field];
    if (lack) return t(lack === 'email' ? 'form.wrong.email' : lack === 'port' ? 'mailbox.wrong_port' : 'form.wrong.missing');
    if (failed && field === failedField) return t(`mailbox.field_fault.${failed.fault ?? 'protocol'}`);
    return undefined;
  };
  const incoming = (change: Partial<MailboxForm['incoming']>) => onChange({ ...form, incoming: { ...form.incoming, ...change } });
  const outgoing = (change: Partial<MailboxForm['outgoing']>) => onChange({ ...form, outgoing: { ...form.outgoing, ...change } });
  const ways: Way[] = ['password', 'google', 'microsoft', 'delivered'];
  const isOauth = form.way === 'google' || form.way === 'microsoft';
  const ownOut = form.way === 'delivered' || (form.way === 'password' && !form.outgoing.same);
  const known = preset.id !== 'other';
  const openOut =
    !known || form.way === 'delivered' || failedField?.startsWith('outgoing') || Object.keys(lacking).some((field) => field.startsWith('outgoing'));
  return (
    <>
      {fixedAddress ? null : (
        <TextInput
          label={t('mailbox.address')}
          type="email"
          value={form.address}
          onChange={(address) => onChange(withAddress(form, address))}
          hint={t('mailbox.address_hint')}
          error={addressError ?? error('address')}
          autoComplete="off"
          autoFocus={autoFocus}
        />
      )}
      {children}
      <div className="field">
        <ChoiceCards
          label={t('mailbox.way.label')}
          value={form.way}
          onChange={(way) => onChange(withWay(form, way))}
          items={ways.map((way) => ({ id: way, label: t(`mailbox.way.${way}`) }))}
          compact
        />
        <span className="hint" aria-live="polite">
          {t(`mailbox.way_hint.${form.way}`)}
        </span>
      </div>
      {form.way === 'password' ? (
        <>
          <Select<ProviderId>
            label={t('mailbox.provider')}
            value={form.provider}
            onChange={(provider) => onChange(withProvider(form, provider))}
            items={[...PRESETS.map(({ id, name }) => ({ id, label: name ?? id })), { id: 'other' as const, label: t('mailbox.provider_else') }]}
            hint={known ? t(preset.onlyOauth ? 'mailbox.provider_no_passwords' : 'mailbox.provider_known') : t('mailbox.provider_hint')}
          />
          {known ? null : <Server label={t('mailbox.incoming_server')} side="incoming" form={form} set={incoming} error={error} />}
          <TextInput
            label={t('mailbox.user_name')}
            value={form.incoming.user_name}
            onChange={(user_name) => incoming({ user_name })}
            error={error('incoming.user_name')}
            autoComplete="off"
          />
          <PasswordInput
            label={t(preset.appPassword ? 'mailbox.app_password' : 'form.password')}
            value={form.incoming.password}
            onChange={(password) => incoming({ password })}
            error={error('incoming.password')}
            placeholder={form.incoming.has_secret ? t('mailbox.kept_password') : undefined}
            hint={
              preset.appPassword ? (
                <>
                  {t('mailbox.app_password_hint')}{' '}
                  {preset.help ? (
                    <a href={preset.help} target="_blank" rel="noopener noreferrer">
                      {t('mailbox.how_to')}
                    </a>
                  ) : null}
                </>
              ) : (
                t('mailbox.password_hint')
              )
            }
            autoComplete="off"
          />
        </>
      ) : null}
      {form.way === 'delivered' ? <Delivered address={form.address} /> : null}
      {isOauth ? null : (
        <details className="unfold" open={openOut || undefined}>
          <summary>{t('mailbox.sending')}</summary>
          <div className="unfold-in">
            <Checkbox isSelected={form.outgoing.send} onChange={(send) => outgoing({ send })}>
              {t('mailbox.send_by')}
            </Checkbox>
            {form.outgoing.send ? (
              <>
                <Server label={t('mailbox.outgoing_server')} side="outgoing" form={form} set={outgoing} error={error} />
                <Security value={form.outgoing.security} onChange={(security) => outgoing({ security })} />
                {form.way === 'password' ? (
                  <Checkbox isSelected={form.outgoing.same} onChange={(same) => outgoing({ same })}>
                    {t('mailbox.same_sign_in')}
                  </Checkbox>
                ) : null}
                {ownOut ? (
                  <>
                    <TextInput
                      label={t('mailbox.outgoing_user_name')}
                      value={form.outgoing.user_name}
                      onChange={(user_name) => outgoing({ user_name })}
                      hint={t('mailbox.no_user_name')}
                      error={error('outgoing.user_name')}
                      autoComplete="off"
                    />
                    <PasswordInput
                      label={t('mailbox.outgoing_password')}
                      value={form.outgoing.password}
                      onChange={(password) => outgoing({ password })}
                      placeholder={form.outgoing.has_secret ? t('mailbox.kept_password') : undefined}
                      error={error('outgoing.password')}
                      autoComplete="off"
                    />
                  </>
                ) : null}
              </>
            ) : (
              <p className="hint">{t('mailbox.no_sending')}</p>
            )}
          </div>
        </details>
      )}
      {form.way === 'delivered' || isOauth ? null : (
        <details className="unfold" open={failedField === 'incoming.folder' || Boolean(lacking['incoming.move_to']) || undefined}>
          <summary>{t('mailbox.more')}</summary>
          <div className="unfold-in">
            {form.way === 'password' && known ? <Server label={t('mailbox.incoming_server')} side="incoming" form={form} set={incoming} error={error} /> : null}
            {form.way === 'password' ? <Security value={form.incoming.security} onChange={(security) => incoming({ security })} /> : null}
            <TextInput
              label={t('mailbox.folder')}
              value={form.incoming.folder}
              onChange={(folder) => incoming({ folder })}
              hint={t('mailbox.folder_hint')}
              error={error('incoming.folder')}
            />
            <Select
              label={t('mailbox.after.label')}
              value={form.incoming.after}
              onChange={(after) => incoming({ after })}
              items={(['leave', 'mark_seen', 'move'] as const).map((id) => ({ id, label: t(`mailbox.after.${id}`) }))}
            />
            {form.incoming.after === 'move' ? (
              <TextInput
                label={t('mailbox.move_to')}
                value={form.incoming.move_to}
                onChange={(move_to) => incoming({ move_to })}
                error={error('incoming.move_to')}
              />
            ) : null}
          </div>
        </details>
      )}
    </>
  );
}

function Server({
  label,
  side,
  form,
  set,
  error,
}: {
  label: string;
  side: 'incoming' | 'outgoing';
  form: MailboxForm;
  set: (change: { host?: string; port?: string }) => void;
  error: (field: MailboxField) => string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <div className="pair">
      <TextInput label={label} value={form[side].host} onChange={(host) => set({ host })} error={error(`${side}.host`)} autoComplete="off" inputMode="url" />
      <TextInput
        label={t('mailbox.port')}
        value={form[side].port}
        onChange={(port) => set({ port })}
        error={error(`${side}.port`)}
        inputMode="numeric"
        autoComplete="off"
      />
    </div>
  );
}

function Security({ value, onChange }: { value: MailSecurity; onChange: (value: MailSecurity) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('mailbox.security.label')}
      value={value}
      onChange={onChange}
      items={(['tls', 'starttls', 'none'] as const).map((id) => ({ id, label: t(`mailbox.security.${id}`) }))}
      hint={value === 'none' ? t('mailbox.security.none_hint') : undefined}
    />
  );
}

/** What a mail server must be told to hand mail over. */
function Delivered({ address }: { address: string }) {
  const { t } = useTranslation();
  const host = location.hostname;
  const line = `${address || 'help@harugoods.example'} lmtp:inet:${host}:2424`;
  return (
    <div className="how">
      <p>{t('mailbox.delivered.text')}</p>
      <code>{`sonnim serve --lmtp 0.0.0.0:2424 --smtp 0.0.0.0:2525`}</code>
      <p>{t('mailbox.delivered.postfix')}</p>
      <code>{line}</code>
      <div className="row">
        <CopyButton kind="quiet" text={line} label={t('mailbox.delivered.copy')} doneLabel={t('form.copied')} />
      </div>
      <p className="hint">{t('mailbox.delivered.forward')}</p>
    </div>
  );
}

import { Button, Empty, IconButton, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { fieldText, generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useNames } from '../../people/queries';
import { problemText } from '../../shell/problem-text';
import { useBlockedSenders, useBlockSender, useUnblockSender } from '../../work/queries';
import { Loaded, SettingsPage } from '../page';

/** Senders whose mail goes to spam at once. */
export default function BlockedSenders() {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNames();
  const blocked = useBlockedSenders();
  const block = useBlockSender();
  const unblock = useUnblockSender();
  const [address, setAddress] = useState('');
  const error = fieldText(t, block.error, 'address') ?? generalText(t, block.error, ['address']);
  const add = () => {
    const wanted = address.trim();
    if (!wanted) return;
    block.mutate(wanted, {
      onSuccess: () => {
        setAddress('');
        toast(t('work.blocked.done', { address: wanted }));
      },
    });
  };
  return (
    <SettingsPage title={t('settings.page.blocked.title')} lead={t('settings.page.blocked.lead')}>
      <Form className="block-form" onSubmit={add}>
        <TextInput label={t('work.blocked.address')} type="email" value={address} onChange={setAddress} autoComplete="off" error={error ?? undefined} />
        <Button type="submit" isPending={block.isPending}>
          {t('work.blocked.block')}
        </Button>
      </Form>
      <Loaded
        query={blocked}
        empty={
          <Empty icon="mail" title={t('work.blocked.none')}>
            {t('work.blocked.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul className="card entries">
            {items.map((sender) => (
              <li key={sender.id}>
                <span className="what">
                  <span className="strong">{sender.address}</span>
                  <span className="small dim">
                    {sender.by
                      ? t('work.blocked.by', { who: nameOf(sender.by) ?? '', when: format.thread(sender.at) })
                      : t('work.blocked.since', { when: format.thread(sender.at) })}
                  </span>
                </span>
                <span className="acts-in">
                  <IconButton
                    icon="trash"
                    label={t('work.blocked.unblock', { address: sender.address })}
                    onPress={() =>
                      unblock.mutate(sender.id, {
                        onSuccess: () => toast(t('work.blocked.undone', { address: sender.address })),
                        onError: (error) => toast(problemText(t, error)),
                      })
                    }
                  />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </SettingsPage>
  );
}

import { Dialog, Keys } from '@ui';
import { useTranslation } from 'react-i18next';
import type { Command } from './commands';

/** Every shortcut, from the same list that makes them work. */
export default function Help({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('app.command.help')} isOpen onClose={onClose} wide>
      <div className="short">
        {(['conversation', 'go', 'app'] as const).map((group) => {
          const items = commands.filter((command) => command.group === group && command.keys);
          if (items.length === 0) return null;
          return (
            <section key={group}>
              <h3>{t(`app.palette.${group}`)}</h3>
              {items.map((command) => (
                <div className="it" key={command.id}>
                  <span className="t1">{command.label}</span>
                  <Keys keys={command.keys ?? ''} />
                </div>
              ))}
            </section>
          );
        })}
        <section>
          <h3>{t('app.help.writing')}</h3>
          <div className="it">
            <span>{t('app.composer.send')}</span>
            <Keys keys="Mod+Enter" />
          </div>
          <div className="it">
            <span>{t('app.composer.send_resolve')}</span>
            <Keys keys="Mod+Shift+Enter" />
          </div>
          <div className="it">
            <span>{t('app.help.leave')}</span>
            <Keys keys="Escape" />
          </div>
        </section>
      </div>
    </Dialog>
  );
}

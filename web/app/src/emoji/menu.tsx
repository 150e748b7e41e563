import { useTranslation } from 'react-i18next';
import { Suggestions } from '../conversation/suggestions';
import { useEmojiMenu } from './complete';

/** The emoji that fit what stands after the colon. */
export function EmojiMenu() {
  const { t } = useTranslation();
  const menu = useEmojiMenu((s) => s.menu);
  return (
    <Suggestions name="emoji" label={t('app.emoji.label')} menu={menu} keyOf={([sign]) => sign}>
      {([sign, word]) => (
        <>
          <span className="emoji">{sign}</span>
          <span className="t1">{word}</span>
        </>
      )}
    </Suggestions>
  );
}

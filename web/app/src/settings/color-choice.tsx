import type { TagColor } from '@api';
import { TagSquare } from '@ui';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

const COLORS: TagColor[] = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];

/** The colour of a tag or a status. */
export function ColorChoice({ value, onChange }: { value: TagColor; onChange: (value: TagColor) => void }) {
  const { t } = useTranslation();
  return (
    <RadioGroup className="field" value={value} onChange={(next) => onChange(next as TagColor)} orientation="horizontal">
      <Label className="label">{t('settings.tags.color.label')}</Label>
      <div className="color-grid">
        {COLORS.map((one) => (
          <Radio key={one} value={one}>
            <TagSquare color={one} />
            {t(`settings.tags.color.${one}`)}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

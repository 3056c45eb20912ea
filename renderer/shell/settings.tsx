import { useState } from 'react';
import {
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Header as SectionName,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { languageFor, languages } from '../../shared/texts/catalogues.ts';
import { chooseLanguage } from '../texts/texts.ts';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

/** Theme and language, which belong to this viewer and not to the policy. */
export function Settings() {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t('settings.label')}>
        <span aria-hidden="true">◐</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('settings.label')}>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const next = themes.find((name) => keys !== 'all' && keys.has(name)) ?? 'system';
              chooseTheme(next);
              setTheme(next);
            }}
          >
            <SectionName>{t('settings.theme')}</SectionName>
            {themes.map((name) => (
              <MenuItem key={name} id={name}>
                {t(`settings.themes.${name}`)}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[languageFor([i18n.language])]}
            onSelectionChange={(keys) => {
              const next = languages.find((name) => keys !== 'all' && keys.has(name));
              if (next !== undefined) chooseLanguage(next);
            }}
          >
            <SectionName>{t('settings.language')}</SectionName>
            {languages.map((name) => (
              <MenuItem key={name} id={name}>
                {t(`settings.languages.${name}`)}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

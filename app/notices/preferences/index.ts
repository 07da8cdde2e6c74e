/** How people want to be told, as far as the house lets them choose. */
export { LANGS, type Preferences } from './preferences.repository';
export { changePreferences, ownPreferences, trustAddress, type OwnPreferences } from './preferences.service';

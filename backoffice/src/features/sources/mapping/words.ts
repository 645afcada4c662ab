import { defineWords } from '#lib/words.ts';

export const mappingWords = defineWords({
  en: {
    title: 'Mapping lab',
    explain:
      'The person that Info Mappings and Ensure Matching make of a profile, by the same function that sign-in uses. Edit the rows in the form and watch.',
    profile: 'Profile',
    profileHelp: 'Paste one, or take it from the last dry run. Nothing of it is kept.',
    claims: 'Claims of the ID token (optional)',
    takeCaptured: 'Take it from the last dry run',
    example: 'Example',
    waiting: 'Paste a profile to see the person it makes.',
    refused: 'Sign-in would refuse this profile',
    open: 'Open the lab',
  },
  de: {
    title: 'Zuordnungslabor',
    explain:
      'Die Person, die Info Mappings und Ensure Matching aus einem Profil machen, mit derselben Funktion wie bei der Anmeldung. Ändern Sie die Zeilen im Formular und sehen Sie zu.',
    profile: 'Profil',
    profileHelp: 'Eines einfügen oder aus dem letzten Probelauf nehmen. Nichts davon wird aufbewahrt.',
    claims: 'Angaben des ID-Tokens (freiwillig)',
    takeCaptured: 'Aus dem letzten Probelauf nehmen',
    example: 'Beispiel',
    waiting: 'Fügen Sie ein Profil ein, um die Person zu sehen, die daraus wird.',
    refused: 'Die Anmeldung würde dieses Profil ablehnen',
    open: 'Das Labor öffnen',
  },
});

import { defineWords } from '#lib/words.ts';

export const layoutWords = defineWords({
  en: {
    skip: 'Skip to the content',
    menu: 'Menu',
    navigation: 'Console',
    domains: 'Domains',
    audit: 'Audit',
    apiKeys: 'API keys',
    platform: 'Platform',
    account: 'My account',
    colours: { label: 'Colours', light: 'Light', dark: 'Dark', auto: 'As the system' },
    language: 'Language',
    signOut: 'Sign out',
    signedInAs: (name: string) => `Signed in as ${name}`,
    domain: {
      tabs: 'Of this domain',
      about: 'About',
      applications: 'Applications',
      authentication: 'Authentication',
      users: 'Users',
      activity: 'Activity',
    },
    notFound: {
      title: 'There is no such page',
      text: 'The address may be mistyped, or what it led to is gone.',
      back: 'To the domains',
    },
    notPermitted: {
      title: 'This is for administrators',
      administrator: (name: string, email: string) =>
        `You are signed in as ${name} (${email}), and this account administers nothing here. If it should, ask the people who look after sign-in at your organisation, and tell them this e-mail address. An administrator can give you the role under Users.`,
      support: (name: string, email: string) =>
        `You are signed in as ${name} (${email}), a support person: you see the people of your domain and help them. The rest is for its administrators; they are the ones to ask.`,
      platform: (name: string, email: string) =>
        `You are signed in as ${name} (${email}), an administrator of your own domain. This page is for those who run this server; they are the ones to ask.`,
      account: 'To my account',
      other: 'Sign in as somebody else',
    },
    refused: {
      title: 'Signing in did not work',
      denied: 'The sign-in was refused or given up.',
      again: 'Sign in again',
      account: 'To my account',
    },
    broken: 'This page could not be shown',
  },
  de: {
    skip: 'Zum Inhalt springen',
    menu: 'Menü',
    navigation: 'Konsole',
    domains: 'Domänen',
    audit: 'Protokoll',
    apiKeys: 'API-Schlüssel',
    platform: 'Plattform',
    account: 'Mein Konto',
    colours: { label: 'Farben', light: 'Hell', dark: 'Dunkel', auto: 'Wie das System' },
    language: 'Sprache',
    signOut: 'Abmelden',
    signedInAs: (name) => `Angemeldet als ${name}`,
    domain: {
      tabs: 'In dieser Domäne',
      about: 'Allgemein',
      applications: 'Anwendungen',
      authentication: 'Anmeldung',
      users: 'Personen',
      activity: 'Aktivität',
    },
    notFound: {
      title: 'Diese Seite gibt es nicht',
      text: 'Vielleicht ist die Adresse vertippt, oder das, wohin sie führte, ist nicht mehr da.',
      back: 'Zu den Domänen',
    },
    notPermitted: {
      title: 'Das ist für Administratoren',
      administrator: (name, email) =>
        `Sie sind als ${name} (${email}) angemeldet, und dieses Konto verwaltet hier nichts. Wenn es das soll, fragen Sie die, die sich in Ihrer Organisation um die Anmeldung kümmern, und nennen Sie ihnen diese E-Mail-Adresse. Ein Administrator kann Ihnen die Rolle unter „Personen“ geben.`,
      support: (name, email) =>
        `Sie sind als ${name} (${email}) angemeldet und leisten Support: Sie sehen die Personen Ihrer Domäne und helfen ihnen. Alles andere ist für ihre Administratoren; fragen Sie dort.`,
      platform: (name, email) =>
        `Sie sind als ${name} (${email}) angemeldet und verwalten Ihre eigene Domäne. Diese Seite ist für die, die diesen Server betreiben; fragen Sie dort.`,
      account: 'Zu meinem Konto',
      other: 'Als jemand anderes anmelden',
    },
    refused: {
      title: 'Die Anmeldung hat nicht geklappt',
      denied: 'Die Anmeldung wurde abgelehnt oder abgebrochen.',
      again: 'Noch einmal anmelden',
      account: 'Zu meinem Konto',
    },
    broken: 'Diese Seite konnte nicht gezeigt werden',
  },
});

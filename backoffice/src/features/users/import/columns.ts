/** Which column of a CSV file is which field of a person. */

export const importFields = [
  'email',
  'name',
  'first_name',
  'last_name',
  'login_name',
  'staff_id',
  'card_number',
  'phone',
  'department',
  'building',
  'country',
  'groups',
  'support',
  'sys_admin',
  'password',
] as const;
export type ImportField = (typeof importFields)[number];

/** For each column its field; `undefined`: the column is left out. */
export type ColumnChoice = readonly (ImportField | undefined)[];

/** Headers that people use, in English and German, without case, spaces and marks. */
const headers: Readonly<Record<ImportField, readonly string[]>> = {
  email: ['email', 'mail', 'emailaddress', 'emailadresse', 'userprincipalname', 'upn'],
  name: ['name', 'fullname', 'displayname', 'anzeigename', 'vollständigername'],
  first_name: ['firstname', 'givenname', 'forename', 'vorname'],
  last_name: ['lastname', 'surname', 'familyname', 'nachname', 'familienname'],
  login_name: ['loginname', 'login', 'username', 'samaccountname', 'anmeldename', 'benutzername'],
  staff_id: ['staffid', 'employeeid', 'employeenumber', 'personalnummer', 'mitarbeiternummer'],
  card_number: ['cardnumber', 'card', 'badge', 'kartennummer', 'ausweisnummer'],
  phone: ['phone', 'telephone', 'phonenumber', 'mobile', 'mobilephone', 'telefon', 'mobil'],
  department: ['department', 'abteilung'],
  building: ['building', 'gebäude'],
  country: ['country', 'land'],
  groups: ['groups', 'group', 'usergroups', 'gruppen', 'gruppe'],
  support: ['support', 'techsupport'],
  sys_admin: ['sysadmin', 'systemadmin', 'admin', 'administrator'],
  password: ['password', 'passwort', 'kennwort'],
};

const plain = (header: string): string => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The choice that the headers suggest; of two columns for one field the first counts. */
export const guessColumns = (header: readonly string[]): ColumnChoice => {
  const taken = new Set<ImportField>();
  return header.map((each) => {
    const field = importFields.find((candidate) => headers[candidate].includes(plain(each)));
    if (field === undefined || taken.has(field)) return undefined;
    taken.add(field);
    return field;
  });
};

/** Gives a column a field; the column that had it before has none then. */
export const chooseColumn = (
  choice: ColumnChoice,
  column: number,
  field: ImportField | undefined,
): ColumnChoice =>
  choice.map((each, index) => {
    if (index === column) return field;
    return each === field ? undefined : each;
  });

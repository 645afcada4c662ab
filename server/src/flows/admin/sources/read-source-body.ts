/** Bodies of the collections of sources, by kind: which members there are, and which must be there. */
import {
  LdapSourceBody,
  LdapSourceView,
  OauthSourceBody,
  OauthSourceView,
  SamlSourceBody,
  SamlSourceView,
} from '@foyer/contract/sources.ts';
import type { TObject } from 'typebox';
import type { SourceKind } from '#model/sources/source.ts';
import { bodyObject, readFields, renameMembers } from '../assign.ts';
import type { SourceFields } from './compose-source.ts';
import { dropBlankDefaults } from './merge-settings.ts';
import { rulesOf } from './source-rules.ts';

export const sourceShapes: Readonly<Record<SourceKind, { body: TObject; view: TObject }>> = {
  oauth2: { body: OauthSourceBody, view: OauthSourceView },
  saml: { body: SamlSourceBody, view: SamlSourceView },
  ldap: { body: LdapSourceBody, view: LdapSourceView },
};

/** @throws {FoyerError} `validation_failed`, `bad_request` */
export const readNewSource = (kind: SourceKind, rawBody: unknown): SourceFields => {
  const rules = rulesOf[kind];
  const given = dropBlankDefaults(rules, bodyObject(renameMembers(rawBody, rules.otherNames)));
  // What has a default need not be there.
  const mustBe = rules.nonEmpty.filter(
    (field) => Object.hasOwn(given, field) || !(field in rules.defaults()),
  );
  const nonEmpty = [...mustBe, 'authority_id'];
  return readFields(sourceShapes[kind].body, given, { required: rules.required, nonEmpty, creating: true });
};

/** @throws {FoyerError} `validation_failed`, `bad_request` */
export const readSourceChange = (kind: SourceKind, rawBody: unknown): SourceFields => {
  const { otherNames, required, nonEmpty } = rulesOf[kind];
  const body = renameMembers(rawBody, otherNames);
  return readFields(sourceShapes[kind].body, body, { required, nonEmpty, creating: false });
};

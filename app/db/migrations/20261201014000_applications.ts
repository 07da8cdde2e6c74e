import type { Migration } from '../migrate';

/** Applications that act over an interface with a token of their own, and what a directory sends by SCIM. */
export const applications: Migration = {
  name: '20261201014000_applications',
  statements: [
    // Only the hash of the token is stored. It acts in the subtree of its organisation, within its scopes, until it expires or is revoked.
    `CREATE TABLE applications (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, token_end TEXT NOT NULL, scopes TEXT NOT NULL,
      organisation_id TEXT NOT NULL REFERENCES organisations (id), created_at BIGINT NOT NULL, created_by TEXT NOT NULL, expires_on TEXT NOT NULL,
      last_used_at BIGINT, revoked_at BIGINT, revoked_by TEXT, revoke_reason TEXT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX applications_organisation ON applications (organisation_id)`,

    // What a directory says of a person beside what the register holds. Removed by the directory: the person stays, the directory no longer sees them.
    `CREATE TABLE scim_users (
      application_id TEXT NOT NULL REFERENCES applications (id), person_id TEXT NOT NULL REFERENCES persons (id),
      external_id TEXT, display_name TEXT, given TEXT NOT NULL, removed_at BIGINT, changed_at BIGINT NOT NULL, PRIMARY KEY (application_id, person_id))`,
    `CREATE INDEX scim_users_person ON scim_users (person_id)`,
    `CREATE INDEX scim_users_external ON scim_users (application_id, external_id)`,

    // Groups that a directory keeps for itself; organisations are groups too, but only to read. They grant nothing.
    `CREATE TABLE scim_groups (
      id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications (id), external_id TEXT, display_name TEXT NOT NULL,
      created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL)`,
    `CREATE INDEX scim_groups_application ON scim_groups (application_id)`,
    `CREATE TABLE scim_members (
      group_id TEXT NOT NULL REFERENCES scim_groups (id), person_id TEXT NOT NULL REFERENCES persons (id), label TEXT, PRIMARY KEY (group_id, person_id))`,
    `CREATE INDEX scim_members_person ON scim_members (person_id)`,

    // Every change that came in, and every one that was refused, for the page that shows them like an import.
    `CREATE TABLE scim_changes (
      id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications (id), at BIGINT NOT NULL,
      what TEXT NOT NULL CHECK (what IN ('created', 'taken-up', 'changed', 'deactivated', 'reactivated', 'removed', 'group-created', 'group-changed', 'group-removed', 'refused')),
      person_id TEXT REFERENCES persons (id), group_id TEXT, fields TEXT NOT NULL, warnings TEXT NOT NULL, problem TEXT)`,
    `CREATE INDEX scim_changes_application ON scim_changes (application_id, at)`,
    `CREATE INDEX scim_changes_person ON scim_changes (person_id)`,
  ],
};

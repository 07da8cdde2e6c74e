/** SCIM 2.0: what directories tell the register, and what they may read of it. */
export { scimRouter } from './scim.http';
export { directoryChanges, type DirectoryChange, type DirectoryDay } from './pages.service';
export { scimChanges, SCIM_CHANGES, SCIM_FILTERS, type ListedScimChange, type ScimChange, type ScimFilter, type Warning as ScimWarning } from './changes.repository';

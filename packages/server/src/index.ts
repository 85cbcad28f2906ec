export { type AuditLog, openAuditLog } from './audit/log.ts'
export type { Account, NewAccount } from './auth/accounts.ts'
export { type ApiKeysDefinition, apiKeys } from './auth/api-keys.ts'
export type { AttemptLimits } from './auth/attempts.ts'
export { type BasicDefinition, basic } from './auth/basic.ts'
export type { Caller } from './auth/caller.ts'
export { type ClientCertificate, type ClientCertificatesOptions, clientCertificates } from './auth/certificates.ts'
export type { Credentials } from './auth/credentials.ts'
export { type DigestDefinition, digest } from './auth/digest.ts'
export { CredentialsError } from './auth/keeping.ts'
export type { ApiKey, NewApiKey } from './auth/keys.ts'
export type { NewOAuth1Consumer, OAuth1Consumer } from './auth/oauth1/consumers.ts'
export { type OAuth1Definition, oauth1 } from './auth/oauth1/scheme.ts'
export { type AuthorizationServerOptions, authorizationServer } from './auth/oauth2/authorization-server.ts'
export { type BearerOptions, bearer } from './auth/oauth2/bearer.ts'
export type { Client, ClientGrant, NewClient } from './auth/oauth2/server/clients.ts'
export type { Authentication } from './auth/scheme.ts'
export type { AccessDefinition, AccessRule, CallersNamed, ServiceAccess, Who } from './define/access.ts'
export { type Api, type ApiDefinition, defineApi } from './define/api.ts'
export type { CacheControlDefinition, CachePolicy } from './define/caching.ts'
export {
  type Collection,
  type CollectionDefinition,
  collection,
  type Table,
  type TableChanges,
  type Tables,
} from './define/collection.ts'
export type { CompressionDefinition } from './define/compression.ts'
export type { CorsDefinition } from './define/cors.ts'
export { DefinitionError } from './define/definition-error.ts'
export * from './define/fields.ts'
export { type FileEntry, type FileMethod, type Files, type FilesDefinition, files } from './define/files.ts'
export type { RateDefinition, Rates } from './define/rates.ts'
export { readOnly } from './define/read-only.ts'
export { Refusal, type RefusalDetail } from './define/refusal.ts'
export { type Related, related } from './define/related.ts'
export {
  type LongContext,
  type LongServiceDefinition,
  type Service,
  type ServiceDefinition,
  service,
} from './define/service.ts'
export {
  added,
  type Changes,
  type Conversion,
  called,
  changes,
  convert,
  dropped,
  filter,
  merged,
  moved,
  type Retyped,
  renamed,
  retyped,
  type ServiceChanges,
  type Step,
  split,
  type Version,
  type VersionDefinition,
  version,
} from './define/version.ts'
export type { Trace, TraceStep } from './exchange/trace.ts'
export { DatabaseUrlError } from './host/database.ts'
export { type OpenCredentials, openCredentials } from './host/open-credentials.ts'
export { type ComityOptions, comity } from './host/plugin.ts'
export { type Replaceable, serveReplaceable } from './host/replaceable.ts'
export type { Pem, TlsOptions } from './host/secure.ts'
export { type ServeOptions, type Serving, serve } from './host/serve.ts'
export type { Block } from './limits/blocked.ts'
export type { Mode } from './limits/mode.ts'
export { type Operation, operation } from './limits/operation.ts'
export { openApiDocument } from './openapi/document.ts'
export type { Mock } from './sources/openapi/mock.ts'
export { seedFrom } from './sources/seed.ts'
export { type OpenedStore, type Source, SourceError, type SourceOptions } from './sources/source.ts'
export { ejected, isDefinition, isOpenapi, openMock, openSource } from './sources/sources.ts'
export type { AuditEntry } from './store/audit.ts'
export { BusyError, DestructiveChangeError } from './store/errors.ts'
export type { AuditSearch } from './store/sqlite/audit.ts'

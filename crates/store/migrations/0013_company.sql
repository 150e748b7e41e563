-- Companies of customers, their phone numbers, columns and groups of views.

CREATE TABLE company (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT {bytewise} NOT NULL,
  external_id TEXT,
  notes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX company_name ON company (workspace_id, name_folded, id);
CREATE UNIQUE INDEX company_external ON company (workspace_id, external_id) WHERE external_id IS NOT NULL;

-- A domain leads to one company.
CREATE TABLE company_domain (
  workspace_id BIGINT NOT NULL,
  domain TEXT NOT NULL,
  company_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, domain),
  FOREIGN KEY (workspace_id, company_id) REFERENCES company (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX company_domain_company ON company_domain (workspace_id, company_id);

-- Words of names and domains, to be found by, whole or by their beginning.
CREATE TABLE company_word (
  workspace_id BIGINT NOT NULL,
  word TEXT {bytewise} NOT NULL,
  company_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, word, company_id),
  FOREIGN KEY (workspace_id, company_id) REFERENCES company (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX company_word_company ON company_word (workspace_id, company_id);

ALTER TABLE customer ADD COLUMN company_id BIGINT;
CREATE INDEX customer_company ON customer (workspace_id, company_id, name_folded, id) WHERE company_id IS NOT NULL;

-- Where each address is at, to find the people of a domain.
ALTER TABLE customer_email ADD COLUMN domain TEXT;
UPDATE customer_email SET domain = {domain_of_address};
CREATE INDEX customer_email_domain ON customer_email (workspace_id, domain, customer_id);

-- Numbers as they were written; `national` are their digits without the country, `reversed` the same from behind.
CREATE TABLE customer_phone (
  workspace_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  phone TEXT NOT NULL,
  national TEXT NOT NULL,
  reversed TEXT NOT NULL,
  PRIMARY KEY (workspace_id, customer_id, position),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customer (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX customer_phone_national ON customer_phone (workspace_id, national, customer_id);
CREATE INDEX customer_phone_reversed ON customer_phone (workspace_id, reversed, customer_id);

-- What a wide list shows, as a JSON list; and by what it is divided.
ALTER TABLE view ADD COLUMN columns TEXT;
ALTER TABLE view ADD COLUMN divided_by TEXT;

-- Among which conversations, when it is not all: 'trash', 'spam', 'following' or 'mentions'.
ALTER TABLE bulk ADD COLUMN place TEXT;

-- The orders of the other headings.
CREATE INDEX conversation_created ON conversation (workspace_id, bucket, id);
CREATE INDEX conversation_priority ON conversation (workspace_id, bucket, priority, id);

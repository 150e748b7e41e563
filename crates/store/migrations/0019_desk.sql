-- Pairs of words in a row stand in the indexes as words of their own: everything is put there anew.
{search_again};

-- Domains from their last label on (com.acme.eu): what is below one begins like it.
ALTER TABLE company_domain ADD COLUMN path TEXT {bytewise};
CREATE INDEX company_domain_path ON company_domain (workspace_id, path);
DROP INDEX customer_email_domain;
ALTER TABLE customer_email DROP COLUMN domain;
ALTER TABLE customer_email ADD COLUMN domain_path TEXT {bytewise};
CREATE INDEX customer_email_domain ON customer_email (workspace_id, domain_path, customer_id);

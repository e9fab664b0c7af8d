-- Which conversations are about a product: how often it was asked about, and the list behind that.
CREATE INDEX conversations_about ON conversations (tenant_id, product, created_at) WHERE product IS NOT NULL;

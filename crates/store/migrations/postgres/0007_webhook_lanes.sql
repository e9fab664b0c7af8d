-- Finds the first delivery that waits of each conversation, however many wait behind it.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant_id, webhook_id, stream_id, seq) WHERE state = 'pending';

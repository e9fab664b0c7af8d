-- Of a sign of attack: the address or network from which it came, and how often, until it was raised.
ALTER TABLE alerts ADD COLUMN address TEXT;
ALTER TABLE alerts ADD COLUMN times BIGINT;

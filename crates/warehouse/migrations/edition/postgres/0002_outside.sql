-- What an edition that is filled by an engine outside of this program needs besides: the amounts as that gave them back, and how far they were read.

-- The amounts by minute and all parts, from which the sums over time and by part are kept.
CREATE TABLE outside_amount (
  tenant_id UUID NOT NULL,
  cell TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  channel TEXT NOT NULL,
  queue TEXT NOT NULL,
  agent TEXT NOT NULL,
  group_id TEXT NOT NULL,
  department TEXT NOT NULL,
  site TEXT NOT NULL,
  lang TEXT NOT NULL,
  goods TEXT NOT NULL,
  category TEXT NOT NULL,
  topic TEXT NOT NULL,
  entry TEXT NOT NULL,
  band TEXT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, cell, starts_at, channel, queue, agent, group_id, department, site, lang, goods, category, topic, entry, band)
);

-- The next message of each part of each layer; changed in the transaction of the output.
CREATE TABLE outside_position (
  layer TEXT NOT NULL,
  part BIGINT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (layer, part)
);

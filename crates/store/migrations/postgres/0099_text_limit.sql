-- How many text messages are sent for a company on a day; NULL for as many as the settings allow.
ALTER TABLE tenants ADD COLUMN daily_text_limit BIGINT CHECK (daily_text_limit > 0);

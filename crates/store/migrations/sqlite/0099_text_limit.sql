-- How many text messages are sent for a company on a day; NULL for as many as the settings allow.
ALTER TABLE tenants ADD COLUMN daily_text_limit INTEGER CHECK (daily_text_limit > 0);

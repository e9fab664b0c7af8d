-- When the message with a file was taken back by its author: nobody gets the file from then on, and it is deleted soon.
ALTER TABLE files ADD COLUMN recalled_at BIGINT;

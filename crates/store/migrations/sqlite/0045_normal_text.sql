-- Texts have another normal form (crates/normal), and what was derived from the former one is derived again: what members of the staff are found by, before
-- anybody is served (store::entry_points::fill_found_by), and from when on the bot answers and offers, in the background (the job fit_gates).
UPDATE agents SET found_by = '';
UPDATE knowledge_versions SET gates = NULL, embedded_with = NULL WHERE gates IS NOT NULL;

-- Nothing reads it since synonyms have rows of their own (0031).
DROP TABLE thesauri;

//! Refuses SQL that is not understood, or not in the same way, by SQLite, PostgreSQL and Flink, in batches or over a stream. Pure; it looks at the words of a
//! query and does not parse it.

/// Words that are refused, with the reason.
const REFUSED: [(&str, &str); 29] = [
    ("MOD", "not every engine has it; write a % b"),
    ("AVG", "Flink truncates the mean of whole numbers; store a sum and a count"),
    ("DATE_TRUNC", "neither Flink nor SQLite has it; subtract the remainder of the milliseconds"),
    ("FLOOR", "of a time only in Flink; subtract the remainder of the milliseconds"),
    ("TUMBLE", "only Flink has it, and drops what is late"),
    ("HOP", "only Flink has it, and drops what is late"),
    ("CUMULATE", "only Flink has it, and drops what is late"),
    ("SESSION", "only Flink has it, over streams"),
    ("PERCENTILE", "differs; store a distribution"),
    ("PERCENTILE_CONT", "differs; store a distribution"),
    ("NOW", "a query must give the same result tomorrow"),
    ("CURRENT_TIMESTAMP", "a query must give the same result tomorrow"),
    ("INTERVAL", "SQLite has no intervals; times are milliseconds"),
    ("GREATEST", "SQLite has it under a different name; write CASE"),
    ("LEAST", "SQLite has it under a different name; write CASE"),
    ("LIKE", "capital letters count differently"),
    ("ILIKE", "only PostgreSQL has it"),
    ("LAG", "Flink needs the order of time for it; join the rows before and take the last"),
    ("LEAD", "Flink needs the order of time for it; join the rows after and take the first"),
    ("FIRST_VALUE", "Flink takes the first to arrive; find the number of the entry, then read the entry"),
    ("LAST_VALUE", "Flink takes the last to arrive; find the number of the entry, then read the entry"),
    ("RANK", "Flink needs the order of time for it"),
    ("LIMIT", "a stream has no end"),
    ("WITH", "PostgreSQL misjudges the size of what is named so; make it a layer"),
    ("CROSS", "a join needs what it joins by"),
    ("NATURAL", "a join names what it joins by"),
    ("VARCHAR", "one letter long in Flink"),
    ("TEXT", "Flink calls it differently"),
    ("STRING", "only Flink calls it so"),
];

/// Words that Flink keeps for itself: as a name, each would have to be quoted, which every engine does differently. From its documentation, "Reserved Keywords".
const RESERVED: &str = "A ABS ABSOLUTE ACTION ADA ADD ADMIN AFTER ALL ALLOCATE ALLOW ALTER ALWAYS AND ANY ARE ARRAY AS ASC ASENSITIVE \
                        ASSERTION ASSIGNMENT ASYMMETRIC AT ATOMIC ATTRIBUTE ATTRIBUTES AUTHORIZATION AVG BEFORE BEGIN BERNOULLI BETWEEN BIGINT \
                        BINARY BIT BLOB BOOLEAN BOTH BREADTH BY BYTES C CALL CALLED CARDINALITY CASCADE CASCADED CASE CAST CATALOG \
                        CATALOG_NAME CEIL CEILING CENTURY CHAIN CHAR CHARACTER CHARACTERISTICS CHARACTERS CHARACTER_LENGTH CHECK CLASS_ORIGIN \
                        CLOB CLOSE COALESCE COBOL COLLATE COLLATION COLLECT COLUMN COLUMNS COLUMN_NAME COMMIT COMMITTED CONDITION \
                        CONDITION_NUMBER CONNECT CONNECTION CONSTRAINT CONSTRAINTS CONSTRUCTOR CONTAINS CONTINUE CONVERT CORR CORRESPONDING \
                        COUNT COVAR_POP COVAR_SAMP CREATE CROSS CUBE CUME_DIST CURRENT CURRENT_DATE CURSOR CURSOR_NAME CYCLE DATA DATABASE \
                        DATE DAY DEALLOCATE DEC DECADE DECIMAL DECLARE DEFAULT DEFAULTS DEFERRABLE DEFERRED DEFINED DEFINER DEGREE DELETE \
                        DENSE_RANK DEPTH DEREF DERIVED DESC DESCRIBE DESCRIPTION DESCRIPTOR DETERMINISTIC DIAGNOSTICS DISALLOW DISCONNECT \
                        DISPATCH DISTINCT DOMAIN DOUBLE DOW DOY DROP DYNAMIC EACH ELEMENT ELSE END EPOCH EQUALS ESCAPE EVERY EXCEPT EXCEPTION \
                        EXCLUDE EXCLUDING EXEC EXECUTE EXISTS EXP EXPLAIN EXTEND EXTERNAL EXTRACT FALSE FETCH FILTER FINAL FIRST FIRST_VALUE \
                        FLOAT FLOOR FOLLOWING FOR FOREIGN FORTRAN FOUND FREE FROM FULL FUNCTION FUSION G GENERAL GENERATED GET GLOBAL GO GOTO \
                        GRANT GRANTED GROUP GROUPING HAVING HIERARCHY HOLD HOUR IDENTITY IMMEDIATE IMPLEMENTATION IMPORT IN INCLUDING \
                        INCREMENT INDICATOR INITIALLY INNER INOUT INPUT INSENSITIVE INSERT INSTANCE INT INTEGER INTERSECT INTERSECTION \
                        INTERVAL INTO INVOKER IS ISOLATION JAVA JOIN K KEY KEY_MEMBER KEY_TYPE LABEL LANGUAGE LARGE LAST LAST_VALUE LATERAL \
                        LEADING LEFT LENGTH LEVEL LIBRARY LIKE LIMIT LN LOCAL LOCALTIME LOCATOR LOWER M MAP MATCH MATCHED MAX MAXVALUE MEMBER \
                        MERGE METHOD MICROSECOND MIN MINUTE MINVALUE MOD MODIFIES MODULE MODULES MONTH MORE MULTISET NAME NAMES NATIONAL \
                        NATURAL NESTING NEW NEXT NO NONE NORMALIZE NOT NULL NULLABLE NULLIF NULLS NUMBER NUMERIC OBJECT OCTETS OF OFFSET OLD \
                        ON ONLY OPEN OPTION OPTIONS OR ORDER ORDERING ORDINALITY OTHERS OUT OUTER OUTPUT OVER OVERLAPS OVERLAY PAD PARAMETER \
                        PARTIAL PARTITION PASCAL PASSTHROUGH PATH PLACING PLAN POSITION POWER PRECEDING PRECISION PREPARE PRESERVE PRIMARY \
                        PRIOR PRIVILEGES PROCEDURE PUBLIC QUARTER RANGE RANK RAW READ READS REAL RECURSIVE REF REFERENCES RELATIVE RELEASE \
                        REPEATABLE RESET RESTART RESTRICT RESULT RETURN RETURNS REVOKE RIGHT ROLE ROLLBACK ROLLUP ROUTINE ROW ROWS ROW_COUNT \
                        ROW_NUMBER SAVEPOINT SCALE SCHEMA SCOPE SCROLL SEARCH SECOND SECTION SECURITY SELECT SELF SENSITIVE SEQUENCE \
                        SERIALIZABLE SERVER SESSION SET SETS SIMILAR SIMPLE SIZE SMALLINT SOME SOURCE SPACE SPECIFIC SQL SQRT START STATE \
                        STATEMENT STATIC STREAM STRING STRUCTURE STYLE SUM SYMMETRIC SYSTEM TABLE TEMPORARY THEN TIES TIME TIMESTAMP TO \
                        TRAILING TRANSACTION TRANSFORM TRANSLATE TREAT TRIGGER TRIM TRUE TYPE UNBOUNDED UNCOMMITTED UNDER UNION UNIQUE UNKNOWN \
                        UNNAMED UNNEST UPDATE UPPER UPSERT USAGE USER USING VALUE VALUES VARBINARY VARCHAR VARYING VERSION VIEW WEEK WHEN \
                        WHENEVER WHERE WINDOW WITH WITHIN WITHOUT WORK WRAPPER WRITE XML YEAR ZONE";

/// The end of what a join is joined by.
const AFTER_ON: [&str; 5] = ["JOIN", "LEFT", "WHERE", "GROUP", "UNION"];

/// What is not portable in a query; empty if there is nothing.
pub fn problems(sql: &str) -> Vec<String> {
    let words = words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found: Vec<String> = words.iter().filter_map(|word| refusal(word)).collect();
    for (at, word) in words.iter().enumerate() {
        let before = |n: usize| at.checked_sub(n).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let rest = words.get(at + 1..).unwrap_or_default();
        let next = rest.first().copied().unwrap_or_default();
        let problem = match *word {
            "/" => Some("/ truncates in some engines; divide where the number is shown".to_owned()),
            ":" | "`" | "\"" | "[" => Some(format!("{word} is the notation of one engine")),
            "*" if ["SELECT", "DISTINCT", "ALL", ",", "."].contains(&before(1)) => Some("* depends on the columns there are; name them".to_owned()),
            "NULL" if next == "AS" => Some("NULL alone has no type".to_owned()),
            "SUM" if before(2) != "CAST" => Some("SUM is a different type in each engine; write CAST(SUM(…) AS BIGINT)".to_owned()),
            "AS" if is_reserved(next) && before(1) != "(" && !is_in_cast(&words, at) => Some(format!("{next} is no name in every engine")),
            "GROUP" if !names_company(rest) => Some("GROUP BY begins with the company".to_owned()),
            "JOIN" if !joins_company(rest) => Some("a join equates the companies".to_owned()),
            "OVER" if !is_first_kept(&words, at) => Some("over a stream, only a ROW_NUMBER of which the first is kept".to_owned()),
            "ORDER" if before(1) == ")" || !words.get(..at).unwrap_or_default().contains(&"OVER") => Some("rows have no order".to_owned()),
            _ => None,
        };
        found.extend(problem);
    }
    found
}

/// Whether a word in capital letters cannot be a name.
fn is_reserved(word: &str) -> bool {
    RESERVED.split_whitespace().any(|reserved| reserved == word)
}

/// Why a word is refused; `None` if it is not.
fn refusal(word: &str) -> Option<String> {
    if word.starts_with("APPROX_") {
        return Some(format!("{word}: not over streams, and not the same anywhere"));
    }
    REFUSED.iter().find(|(refused, _)| *refused == word).map(|(_, why)| format!("{word}: {why}"))
}

/// Whether `AS` at this place belongs to a cast, and a type follows.
fn is_in_cast(words: &[&str], at: usize) -> bool {
    let mut depth = 0;
    for (n, word) in words.get(..at).unwrap_or_default().iter().enumerate().rev() {
        match *word {
            ")" => depth += 1,
            "(" if depth == 0 => return n > 0 && words.get(n - 1) == Some(&"CAST"),
            "(" => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Whether what follows `GROUP` begins with the company, with or without the name of its table.
fn names_company(rest: &[&str]) -> bool {
    matches!(rest, ["BY", "TENANT_ID", ..] | ["BY", _, ".", "TENANT_ID", ..])
}

/// Whether what follows `JOIN` says that the companies are equal.
fn joins_company(rest: &[&str]) -> bool {
    let condition: Vec<&str> = rest.iter().skip_while(|word| **word != "ON").take_while(|word| !AFTER_ON.contains(word)).copied().collect();
    condition.windows(2).any(|two| two == ["TENANT_ID", "="])
}

/// Whether the window at this place numbers rows, and only the first of them are kept.
fn is_first_kept(words: &[&str], at: usize) -> bool {
    let is_number = at.checked_sub(3).is_some_and(|from| words.get(from..at) == Some(&["ROW_NUMBER", "(", ")"][..]));
    let after = words.get(at..).unwrap_or_default();
    let name = after.windows(3).find(|three| three[0] == ")" && three[1] == "AS").map(|three| three[2]);
    is_number && name.is_some_and(|name| after.windows(4).any(|four| four == ["WHERE", name, "=", "1"]))
}

/// The names of the columns that a query returns, in their order, in lower case.
pub fn columns(sql: &str) -> Vec<String> {
    let words = words(sql);
    let (mut depth, mut all, mut last) = (0, Vec::new(), String::new());
    for word in words.iter().skip(1) {
        match word.as_str() {
            "FROM" if depth == 0 => break,
            "," if depth == 0 => all.push(std::mem::take(&mut last)),
            "(" | "CASE" => depth += 1,
            ")" | "END" => depth -= 1,
            _ => last.clone_from(word),
        }
    }
    all.push(last);
    all.iter().map(|name| name.to_lowercase()).collect()
}

/// The words, numbers and signs of a query in capital letters; a text is one sign, and comments are left out.
fn words(sql: &str) -> Vec<String> {
    let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n").to_uppercase();
    let (mut all, mut word) = (Vec::new(), String::new());
    let mut is_text = false;
    for c in code.chars() {
        if c == '\'' {
            is_text = !is_text;
            all.extend((!is_text).then(|| "'".to_owned()));
            continue;
        }
        if is_text {
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            all.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            all.push(c.to_string());
        }
    }
    all.extend((!word.is_empty()).then_some(word));
    all
}

#[cfg(test)]
mod tests {
    use warehouse::{
        DEFINITIONS, Event,
        portable::{Bucket, all_amounts, amounts, layers},
        rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow},
    };

    use super::*;

    #[test]
    fn what_every_engine_understands_passes() {
        for sql in [
            "SELECT tenant_id, COUNT(*) AS amount FROM a WHERE kind = 'mod(avg' GROUP BY tenant_id",
            "SELECT x.tenant_id, CAST(SUM(x.ms) AS BIGINT) AS ms FROM b AS x GROUP BY x.tenant_id -- AVG(x) is not in it",
            "SELECT a.b FROM a LEFT JOIN b ON b.tenant_id = a.tenant_id AND b.seq < a.seq WHERE a.at_ms % 60000 = 0",
            "SELECT b FROM (SELECT b, ROW_NUMBER() OVER (PARTITION BY tenant_id ORDER BY b) AS nth FROM a) AS x WHERE nth = 1",
        ] {
            assert_eq!(problems(sql), Vec::<String>::new(), "{sql}");
        }
    }

    #[test]
    fn what_is_not_understood_everywhere_is_refused() {
        let numbered = "SELECT b FROM (SELECT b, ROW_NUMBER() OVER (PARTITION BY tenant_id ORDER BY b) AS nth FROM a) AS x";
        for (sql, why) in [
            ("SELECT MOD(a, 2) AS b FROM c", "MOD: "),
            ("SELECT avg(a) AS b FROM c", "AVG: "),
            ("SELECT date_trunc('day', a) AS b FROM c", "DATE_TRUNC: "),
            ("SELECT a FROM TABLE(TUMBLE(TABLE c, a))", "TUMBLE: "),
            ("SELECT APPROX_COUNT_DISTINCT(a) AS b FROM c", "APPROX_COUNT_DISTINCT: "),
            ("SELECT a / 2 AS b FROM c", "/ truncates"),
            ("SELECT a::bigint AS b FROM c", ": is the notation"),
            ("SELECT \"a\" AS b FROM c", "\" is the notation"),
            ("SELECT * FROM c", "* depends"),
            ("SELECT x.* FROM c AS x", "* depends"),
            ("SELECT NULL AS b FROM c", "NULL alone"),
            ("SELECT SUM(a) AS b FROM c", "SUM is a different"),
            ("SELECT CAST(SUM(a) AS BIGINT) AS value FROM c", "VALUE is no name"),
            ("SELECT a AS indicator FROM c", "INDICATOR is no name"),
            ("SELECT CAST(a AS TEXT) AS b FROM c", "TEXT: "),
            ("SELECT b FROM c GROUP BY b", "GROUP BY begins"),
            ("SELECT a.b FROM a JOIN b ON b.seq = a.seq WHERE a.tenant_id = b.tenant_id", "a join equates"),
            ("SELECT a.b FROM a CROSS JOIN b ON b.tenant_id = a.tenant_id", "CROSS: "),
            ("SELECT b FROM c ORDER BY b", "rows have no order"),
            ("SELECT LAG(b) OVER (PARTITION BY tenant_id ORDER BY b) AS x FROM c", "over a stream, only"),
            ("SELECT MAX(b) OVER (PARTITION BY tenant_id ORDER BY b) AS x FROM c", "over a stream, only"),
            (numbered, "over a stream, only"),
            (&format!("{numbered} WHERE nth <= 2"), "over a stream, only"),
        ] {
            let found = problems(sql);
            assert!(found.iter().any(|problem| problem.starts_with(why)), "{sql}: {found:?}");
        }
    }

    #[test]
    fn the_columns_of_a_query_are_those_it_returns() {
        let sql = "-- a, b\nSELECT x.a, CASE WHEN x.b IN (1, 2) THEN x.c ELSE x.d END AS e, COALESCE(f, MAX(g)) AS h FROM (SELECT i, j FROM k) AS x";
        assert_eq!(columns(sql), ["a", "e", "h"]);
    }

    #[test]
    fn a_detail_table_has_the_columns_that_the_reducer_keeps_in_the_same_order() {
        let all = layers();
        for (table, kept) in [
            (Event::TABLE.replace("ods", "dwd"), Event::COLUMNS),
            (SessionRow::TABLE.to_owned(), SessionRow::COLUMNS),
            (DialogueRow::TABLE.to_owned(), DialogueRow::COLUMNS),
            (ReplyRow::TABLE.to_owned(), ReplyRow::COLUMNS),
            (ServiceRow::TABLE.to_owned(), ServiceRow::COLUMNS),
            (WorkRow::TABLE.to_owned(), WorkRow::COLUMNS),
        ] {
            let layer = all.iter().find(|layer| layer.name == table).unwrap();
            assert_eq!(columns(&layer.sql), kept, "{table}");
        }
    }

    #[test]
    fn all_of_it_is_portable() {
        for layer in layers() {
            assert_eq!(problems(&layer.sql), Vec::<String>::new(), "{}", layer.name);
        }
        let named: Vec<String> = Event::COLUMNS.iter().map(|column| format!("x AS {column}")).collect();
        assert_eq!(problems(&format!("SELECT {} FROM y", named.join(", "))), Vec::<String>::new(), "the events");
        for measure in &DEFINITIONS.measures {
            for bucket in [Bucket::Minute, Bucket::Quarter] {
                assert_eq!(problems(&amounts(&DEFINITIONS, measure, bucket)), Vec::<String>::new(), "{}", measure.key);
            }
        }
        for query in all_amounts(&DEFINITIONS, Bucket::Minute) {
            assert_eq!(problems(&query), Vec::<String>::new(), "{query}");
        }
    }
}

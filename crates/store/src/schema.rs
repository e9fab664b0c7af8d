//! The steps of the schema, with the same names on both engines.

use db::migrations::Migrations;

macro_rules! steps {
    ($($name:literal),* $(,)?) => {
        /// The migrations of the record's schema.
        pub const MIGRATIONS: Migrations = Migrations {
            sqlite: &[$(($name, include_str!(concat!("../migrations/sqlite/", $name)))),*],
            postgres: &[$(($name, include_str!(concat!("../migrations/postgres/", $name)))),*],
        };
    };
}

steps!(
    "0001_journal.sql",
    "0002_people.sql",
    "0003_catalogue.sql",
    "0004_conversations.sql",
    "0005_cluster.sql",
    "0006_webhooks.sql",
    "0007_webhook_lanes.sql",
    "0008_device_expiry.sql",
    "0009_agent_leases.sql",
    "0010_customers.sql",
    "0011_goods.sql",
    "0012_staffing.sql",
    "0013_knowledge.sql",
    "0014_wall_links.sql",
    "0015_goods_kept.sql",
    "0016_customer_limits.sql",
    "0017_staffing.sql",
    "0018_knowledge_tests.sql",
    "0019_conversations_about.sql",
    "0020_private_files.sql",
    "0021_refused_sends.sql",
    "0022_known_networks.sql",
    "0023_file_sums.sql",
    "0024_seal_key.sql",
    "0025_channel.sql",
    "0026_rating.sql",
    "0027_boards.sql",
    "0028_gates.sql",
    "0029_recommendations.sql",
    "0030_bot_threads.sql",
    "0031_synonyms_plans.sql",
    "0032_graph.sql",
    "0033_alerts.sql",
    "0034_learning.sql",
    "0035_embeddings.sql",
    "0036_consent_age.sql",
    "0037_work.sql",
    "0038_feed_positions.sql",
    "0039_jobs.sql",
    "0040_alerts_of_any_kind.sql",
    "0041_due.sql",
    "0042_waits.sql",
    "0043_no_thesauri.sql",
    "0044_knowledge_effort.sql",
    "0045_normal_text.sql",
    "0047_danger.sql",
    "0048_roles.sql",
    "0049_audit.sql",
    "0053_signed_identity.sql",
    "0054_site_sightings.sql",
    "0055_departments.sql",
    "0056_removed_members.sql",
    "0050_second_step.sql",
    "0051_passkeys.sql",
);

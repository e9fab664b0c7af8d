//! The staff: who they are, what they serve, and how they sign in; and the tokens of programs.

pub mod address_rules;
pub mod announcements;
pub mod colleagues;
pub mod departments;
pub mod groups;
pub mod invitations;
pub mod lessons;
pub mod me;
pub mod passkeys;
pub mod question_kinds;
pub mod queues;
pub mod roles;
pub mod second_step;
pub mod sign_in;
pub mod sign_in_rules;
pub mod single_sign_on;
pub mod skills;
pub mod staff;
pub mod tokens;

use http_kit::{
    App,
    feature::{Feature, no_jobs},
};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: no_jobs };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(sign_in::router())
        .merge(second_step::router())
        .merge(passkeys::router())
        .merge(address_rules::router())
        .merge(sign_in_rules::router())
        .merge(me::router())
        .merge(announcements::router())
        .merge(lessons::router())
        .merge(colleagues::router())
        .merge(staff::router())
        .merge(groups::router())
        .merge(roles::router())
        .merge(departments::router())
        .merge(invitations::router())
        .merge(queues::router())
        .merge(question_kinds::router())
        .merge(skills::router())
        .merge(single_sign_on::router())
        .merge(tokens::router())
}

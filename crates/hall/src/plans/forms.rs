//! The requests and answers about a plan.

use content::{
    goods::GoodsState,
    plan::{Plan, PlanError, Roaming, SupplementaryCards},
};
use domain::{text::Bilingual, time::Ts};
use serde::{Deserialize, Serialize};
use store_hall::plans::KeptPlan;
use utoipa::ToSchema;

/// Declares the requests about a plan, so that each field is named once: those that a new plan must have, and the others.
macro_rules! forms {
    (required { $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)* } others { $($(#[$doc:meta])* $field:ident: $type:ty,)* }) => {
        /// A plan to add.
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct NewPlan {
            $($(#[$required_doc])* pub $required: $required_type,)*
            $($(#[$doc])* #[serde(default)] pub $field: $type,)*
            /// The state, which determines who sees the plan; a draft by default.
            #[serde(default)]
            pub state: Option<GoodsState>,
        }

        impl NewPlan {
            /// The plan, which has no id of its own yet.
            pub(super) fn plan(self) -> Result<Plan, PlanError> {
                let plan = Plan { id: String::new(), $($required: self.$required,)* $($field: self.$field,)* }.tidied();
                plan.check().map(|()| plan)
            }
        }

        /// The fields to change; omitted fields keep their values.
        #[derive(Debug, Clone, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct PlanChange {
            $($(#[$required_doc])* #[serde(default)] pub $required: Option<$required_type>,)*
            $($(#[$doc])* #[serde(default)] pub $field: Option<$type>,)*
            /// The state, which determines who sees the plan.
            #[serde(default)]
            pub state: Option<GoodsState>,
            /// `updated_at` as last read; if it has changed since, the request is refused.
            pub seen: Ts,
        }

        impl PlanChange {
            /// The plan as it will be.
            pub(super) fn plan(self, old: Plan) -> Result<Plan, PlanError> {
                let plan = Plan {
                    id: old.id,
                    $($required: self.$required.unwrap_or(old.$required),)*
                    $($field: self.$field.unwrap_or(old.$field),)*
                }
                .tidied();
                plan.check().map(|()| plan)
            }
        }
    };
}

forms! {
    required {
        /// The plan's name, in at least one language, at most 120 characters each.
        name: Bilingual,
        /// The monthly fee in fen, from 0 to 10,000,000,000.
        monthly_fee_fen: i64,
    }
    others {
        /// Gigabytes of data per month, at most 1,000,000.
        data_gb: i64,
        /// Minutes of calls per month, at most 1,000,000.
        voice_min: i64,
        /// Text messages per month, at most 1,000,000.
        sms: i64,
        /// The allowance for use abroad.
        roaming: Roaming,
        /// The speed of home broadband in Mbit/s, at most 1,000,000; 0 if there is none.
        broadband_mbps: i64,
        /// The minimum contract term in months, at most 120; 0 if there is none.
        contract_months: i64,
        /// The customers who are eligible for the plan, at most 60 characters; `everyone` if empty.
        audience: String,
        /// Anything else the customer should know, at most 1,000 characters in each language.
        notes: Bilingual,
        /// The supplementary cards, at most 20.
        supplementary_cards: SupplementaryCards,
    }
}

/// A plan, as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPlan {
    /// What customers see.
    #[serde(flatten)]
    pub plan: Plan,
    /// The plan's state, which determines who sees it.
    pub state: GoodsState,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
    /// When it was deleted, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deleted_at: Option<Ts>,
}

impl From<KeptPlan> for StaffPlan {
    fn from(kept: KeptPlan) -> Self {
        let KeptPlan { id: _, position: _, plan, state, updated_at, deleted_at } = kept;
        Self { plan, state, updated_at, deleted_at }
    }
}

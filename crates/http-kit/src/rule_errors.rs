//! How the errors of the rules become problems: each names the request's field, and the code that pages translate. They are here because neither the errors nor
//! the problem belong to `server`.

use axum::http::StatusCode;
use content::{goods::GoodsError, graph::GraphError, knowledge::KnowledgeError, plan::PlanError, synonyms::SynonymsError};
use domain::{
    api_token::ApiTokenError,
    board::BoardError,
    canned_reply::CannedReplyError,
    company::CompanyError,
    department::DepartmentError,
    label::LabelError,
    macros::MacroError,
    opening_hours::{HoursError, HoursFault},
    question_kind::QuestionKindError,
    refusal::Code,
    signed_identity::BadIdentity,
    single_sign_on::RulesError,
    site::SiteError,
    staff::PersonError,
    wall_link::WallLinkError,
    webhook::WebhookError,
};

use crate::problem::Problem;

impl From<ApiTokenError> for Problem {
    fn from(error: ApiTokenError) -> Self {
        match error {
            ApiTokenError::NoRandomness => Self::internal(&error),
            _ => Self::invalid(error.field(), error.code(), error.to_string()),
        }
    }
}

impl From<CannedReplyError> for Problem {
    fn from(error: CannedReplyError) -> Self {
        Self::invalid(error.field(), Code::InvalidValue, error.to_string())
    }
}

impl From<CompanyError> for Problem {
    fn from(CompanyError { field, why, code }: CompanyError) -> Self {
        Self::invalid(field, code, why)
    }
}

impl From<MacroError> for Problem {
    fn from(error: MacroError) -> Self {
        Self::invalid(error.field.clone(), error.code, error.why)
    }
}

impl From<QuestionKindError> for Problem {
    fn from(error: QuestionKindError) -> Self {
        match error {
            QuestionKindError::NameTaken | QuestionKindError::TooMany => Self { field: Some(error.field()), ..Self::conflict(error.code(), error.to_string()) },
            _ => Self::invalid(error.field(), error.code(), error.to_string()),
        }
    }
}

impl From<LabelError> for Problem {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::Name => Self::invalid(error.field(), error.code(), error.to_string()),
            _ => Self { field: Some(error.field().to_owned()), ..Self::conflict(error.code(), error.to_string()) },
        }
    }
}

impl From<DepartmentError> for Problem {
    fn from(error: DepartmentError) -> Self {
        match error {
            DepartmentError::Unknown => Self::invalid(error.field(), error.code(), error.to_string()),
            _ => Self { field: Some(error.field().to_owned()), ..Self::conflict(error.code(), error.to_string()) },
        }
    }
}

impl From<SiteError> for Problem {
    fn from(SiteError { field, why, code }: SiteError) -> Self {
        Self::invalid(field, code, why)
    }
}

impl From<BadIdentity> for Problem {
    fn from(BadIdentity { field, why, code }: BadIdentity) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(StatusCode::UNAUTHORIZED, code, why) }
    }
}

impl From<RulesError> for Problem {
    fn from(RulesError { field, why }: RulesError) -> Self {
        Self::invalid(field, Code::InvalidValue, why)
    }
}

impl From<PersonError> for Problem {
    fn from(error: PersonError) -> Self {
        Self::invalid(error.field(), error.code(), error.to_string())
    }
}

impl From<HoursError> for Problem {
    fn from(HoursError { field, fault }: HoursError) -> Self {
        let code = match fault {
            HoursFault::Order => Code::IntervalEndsBeforeItBegins,
            HoursFault::Overlap => Code::IntervalsOverlap,
            _ => Code::InvalidValue,
        };
        Self::invalid(format!("hours.{field}"), code, fault.to_string())
    }
}

impl From<GoodsError> for Problem {
    fn from(error: GoodsError) -> Self {
        let code = match error {
            GoodsError::Category => Code::CategoryUnknown,
            GoodsError::CategoryDeceptive => Code::NameDeceptive,
            _ => Code::InvalidValue,
        };
        Self::invalid(error.field(), code, error.to_string())
    }
}

impl From<GraphError> for Problem {
    fn from(error: GraphError) -> Self {
        Self::invalid(error.field, Code::InvalidValue, error.what)
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        Self::invalid(error.field(), Code::InvalidValue, error.to_string())
    }
}

impl From<SynonymsError> for Problem {
    fn from(error: SynonymsError) -> Self {
        Self::invalid("words", Code::InvalidValue, error.to_string())
    }
}

impl From<KnowledgeError> for Problem {
    fn from(error: KnowledgeError) -> Self {
        let title = error.to_string();
        Self::invalid(error.field, Code::InvalidValue, title)
    }
}

impl From<service::bots::Error> for Problem {
    fn from(error: service::bots::Error) -> Self {
        match error {
            service::bots::Error::Store(error) => error.into(),
            // Others change the knowledge all the time, or this node stops.
            service::bots::Error::Changed | service::bots::Error::Stopped(_) => Self::busy(),
            other @ (service::bots::Error::Knowledge(_) | service::bots::Error::Training) => Self::internal(&other),
        }
    }
}

impl From<BoardError> for Problem {
    fn from(error: BoardError) -> Self {
        Self::invalid(error.field(), error.code(), error.to_string())
    }
}

impl From<WallLinkError> for Problem {
    fn from(error: WallLinkError) -> Self {
        Self::invalid(error.field(), error.code(), error.to_string())
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        Self::invalid(error.field(), Code::InvalidValue, error.to_string())
    }
}

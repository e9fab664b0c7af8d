//! A person or a program that asks in the name of the staff.

use domain::{api_token::Credential, policy::Staff};
use store::staff::Member;

/// Whoever asks in the name of the staff: a person, or a program.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The member as the policy checks them.
    pub staff: Staff,
    /// The member as stored; of a program, a member that no list of people contains.
    pub member: Member,
    /// What they came with.
    pub credential: Credential,
}
